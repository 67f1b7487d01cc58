import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { AwsError } from '../../errors.ts';
import { dashboardSchema, metricRendererSchema, widgetSchemas } from './dashboard-schema.ts';

/** One thing that is wrong with a body: where (a JSON pointer), and what. */
interface Message {
  readonly DataPath: string;
  readonly Message: string;
}

const ajv = new Ajv({ allErrors: true, strict: false });
const isDashboard = ajv.compile(dashboardSchema);
const areProperties = new Map(Object.entries(widgetSchemas).map(([type, schema]) => [type, ajv.compile(schema)]));
const isMetricRenderer = ajv.compile(metricRendererSchema);

/** Throws DashboardInvalidInputError with everything that is wrong ("Dashboard Body Structure and Syntax"). */
export function checkDashboardBody(text: string): void {
  const body = parsed(text);
  const widgets = Array.isArray(body.widgets) ? body.widgets : [];
  const messages = [...messagesOf(isDashboard, body), ...widgets.flatMap(widgetMessages)];
  if (messages.length === 0) return;
  const listed = messages.map(({ DataPath: dataPath, Message: message }) => ({ dataPath, message }));
  throw invalidInput(
    `The dashboard body is invalid, there are ${messages.length} validation errors:\n${JSON.stringify(listed, null, 2)}`,
    messages,
  );
}

function parsed(text: string): { readonly widgets?: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch {}
  const message = 'The field DashboardBody must be a valid JSON object';
  throw invalidInput(message, [{ DataPath: '', Message: message }]);
}

function invalidInput(message: string, dashboardValidationMessages: readonly Message[]): AwsError {
  return new AwsError('DashboardInvalidInputError', message, { members: { dashboardValidationMessages } });
}

/** CloudWatch words them as JSON Schema validators of its time did: "Should NOT have less than 1 items". */
function messagesOf(validate: ValidateFunction, value: unknown, path = ''): Message[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({ DataPath: path + error.instancePath, Message: worded(error) }));
}

function worded({ keyword, message = '' }: ErrorObject): string {
  if (keyword === 'anyOf') {
    return 'The metric widget should have specified a region and a data source or an alarm annotation';
  }
  return message.replace(/^must/, 'Should').replace('fewer than', 'less than');
}

function widgetMessages(widget: { type?: unknown; properties?: { metrics?: unknown } } | null, i: number): Message[] {
  const { type, properties } = widget ?? {};
  const validate = areProperties.get(String(type));
  if (!validate || typeof properties !== 'object') return [];
  const path = `/widgets/${i}/properties`;
  const metrics = type === 'metric' && Array.isArray(properties?.metrics) ? properties.metrics : [];
  return [
    ...messagesOf(validate, properties, path),
    ...metrics.flatMap((metric, j) => messagesOfMetric(`${path}/metrics/${j}`, metric)),
  ];
}

/** What JSON Schema cannot say of a metric: strings, and what draws them at the end. */
function messagesOfMetric(DataPath: string, metric: unknown): Message[] {
  if (!Array.isArray(metric)) {
    const Message =
      'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element';
    return [{ DataPath, Message }];
  }
  const last = metric.at(-1);
  const isDrawn = typeof last === 'object' && last !== null;
  const strings = isDrawn ? metric.slice(0, -1) : metric;
  const wrong = strings.flatMap((field, k) =>
    typeof field === 'string'
      ? []
      : [{ DataPath: `${DataPath}/${k}`, Message: "Invalid metric field type, only 'String' type is allowed" }],
  );
  if (wrong.length > 0 || !isDrawn || isMetricRenderer(last)) return wrong;
  // An object that draws nothing counts as one item too many.
  return [{ DataPath, Message: `Should NOT have more than ${strings.length} items` }];
}
