import { anyStatistic } from '../../metrics/statistic-names.ts';

/**
 * "Dashboard Body Structure and Syntax", CloudWatch User Guide, as JSON Schema: types, ranges and values it names. Members it
 * does not name are let through, as CloudWatch does.
 */

const text = { type: 'string' };
const flag = { type: 'boolean' };
const number = { type: 'number' };
const among = (...values: readonly string[]) => ({ enum: values });
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required });
const list = (items: object, maxItems: number, minItems = 0) => ({ type: 'array', items, minItems, maxItems });

/** A six-digit HTML colour. */
const color = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };
/** Seconds: "1, 5, 10, 30, 60, or any multiple of 60". */
const period = { type: 'integer', anyOf: [{ enum: [1, 5, 10, 30] }, { multipleOf: 60, minimum: 60 }] };

/** What may follow the strings of a metric: "Metric Widget: Format for Each Metric in the Array". */
export const metricRendererSchema = {
  ...object({
    accountId: text,
    color,
    expression: text,
    id: { type: 'string', pattern: '^[a-z][a-zA-Z0-9_]*$' },
    label: text,
    period,
    region: text,
    stat: { type: 'string', pattern: anyStatistic.source },
    visible: flag,
    yAxis: among('left', 'right'),
  }),
  additionalProperties: false,
};

const axis = object({ label: text, max: number, min: number, showUnits: flag });

const metricWidget = {
  ...object({
    accountId: text,
    annotations: object({
      alarms: { ...list(text, 1, 1) },
      horizontal: { type: 'array' },
      vertical: { type: 'array' },
    }),
    legend: object({ position: among('right', 'bottom', 'hidden') }),
    liveData: flag,
    // Quotas of CloudWatch: 500 metrics a widget.
    metrics: { type: 'array', maxItems: 500 },
    period: { type: 'integer', minimum: 1 },
    region: text,
    setPeriodToTimeRange: flag,
    singleValueFullPrecision: flag,
    sparkline: flag,
    stacked: flag,
    stat: { type: 'string', pattern: anyStatistic.source },
    timezone: text,
    title: text,
    trend: flag,
    view: among('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'),
    yAxis: object({ left: axis, right: axis }),
  }),
  anyOf: [
    { required: ['region', 'metrics'] },
    { required: ['annotations'], properties: { annotations: { required: ['alarms'] } } },
  ],
};

const logWidget = object(
  {
    accountId: text,
    query: text,
    region: text,
    stacked: flag,
    title: text,
    view: among('table', 'timeSeries', 'bar', 'pie'),
  },
  ['query', 'region'],
);

const alarmWidget = object(
  {
    alarms: list(text, 100, 1),
    sortBy: among('default', 'stateUpdatedTimestamp', 'timestamp'),
    states: list(among('ALARM', 'OK', 'INSUFFICIENT_DATA'), 3),
    title: text,
  },
  ['alarms'],
);

const textWidget = object({ background: among('solid', 'transparent'), markdown: text }, ['markdown']);

const explorerWidget = object({ labels: { type: 'array' }, metrics: { type: 'array' }, period, title: text }, [
  'labels',
  'metrics',
]);

const customWidget = object({ endpoint: text, title: text }, ['endpoint']);

/** What the properties of a widget may be, by its type. */
export const widgetSchemas: Readonly<Record<string, object>> = {
  alarm: alarmWidget,
  chart: object({}),
  custom: customWidget,
  explorer: explorerWidget,
  log: logWidget,
  metric: metricWidget,
  text: textWidget,
};

const widget = object(
  {
    height: { type: 'integer', minimum: 1, maximum: 1000 },
    properties: { type: 'object' },
    type: among(...Object.keys(widgetSchemas)),
    width: { type: 'integer', minimum: 1, maximum: 24 },
    x: { type: 'integer', minimum: 0, maximum: 23 },
    y: { type: 'integer', minimum: 0 },
  },
  ['type', 'properties'],
);

/** All but the properties of its widgets. */
export const dashboardSchema = object(
  {
    end: text,
    periodOverride: among('auto', 'inherit'),
    start: text,
    variables: list(object({ type: among('property', 'pattern') }, ['type']), 25),
    widgets: list(widget, 500),
  },
  ['widgets'],
);
