import type {
  GetUsageCommandInput,
  GetUsageCommandOutput,
  UpdateUsageCommandInput,
  UpdateUsageCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { operation } from '../../service.ts';
import { badRequest } from './errors.ts';
import { page } from './page.ts';
import { numberOf, patched } from './patch.ts';
import { dayOf, daysBetween, grant, remaining } from './quota.ts';
import type { KeyUsage, Plan } from './state.ts';
import { planKeyOf } from './usage-plan-keys.ts';
import { planOf } from './usage-plans.ts';

/** "GetUsage": usage is there for the last 90 days. */
const longestSpan = 90;

export const getUsage = operation<GetUsageCommandInput, GetUsageCommandOutput>({
  run(input, call) {
    const plan = planOf(input, call);
    const { startDate = '', endDate = '' } = input;
    const days = datesOf(startDate, endDate);
    const wanted = [...plan.keys].filter(([id]) => input.keyId === undefined || id === input.keyId);
    const { items, position } = page(wanted, input);
    const now = call.cloud.clock.now();
    return {
      usagePlanId: input.usagePlanId,
      startDate,
      endDate,
      items: Object.fromEntries(items.map(([id, usage]) => [id, days.map((day) => dayUsage(plan, usage, day, now))])),
      ...(position && { position }),
    };
  },
});

export const updateUsage = operation<UpdateUsageCommandInput, UpdateUsageCommandOutput>({
  run(input, call) {
    const plan = planKeyOf(input, call);
    const usage = plan.keys.get(input.keyId ?? '') as KeyUsage;
    if (!plan.settings.quota) throw badRequest(`Usage Plan ${input.usagePlanId} has no quota to extend`);
    const wanted = patched<{ remaining?: number }>({}, input.patchOperations, [
      {
        path: '/remaining',
        ops: ['replace'],
        apply: (target, value) => {
          target.remaining = numberOf(value);
        },
      },
    ]);
    const now = call.cloud.clock.now();
    if (wanted.remaining !== undefined) grant(plan, usage, now, wanted.remaining);
    const today = dayOf(now);
    return {
      usagePlanId: input.usagePlanId,
      startDate: today,
      endDate: today,
      items: { [input.keyId ?? '']: [dayUsage(plan, usage, today, now)] },
    };
  },
});

function datesOf(startDate: string, endDate: string): string[] {
  for (const date of [startDate, endDate]) {
    if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) {
      throw badRequest(`Invalid date '${date}': use the form YYYY-MM-DD`);
    }
  }
  if (startDate > endDate) throw badRequest('Start date must not be after end date');
  if (Date.parse(endDate) - Date.parse(startDate) > longestSpan * 86_400_000) {
    throw badRequest(`Usage can be asked for at most ${longestSpan} days`);
  }
  return daysBetween(startDate, endDate);
}

/** Used and remaining at a day's end; of today, now. */
function dayUsage(plan: Plan, usage: KeyUsage, day: string, now: number): number[] {
  const [used = 0, left] = usage.days.get(day) ?? [];
  return [used, (day === dayOf(now) ? remaining(plan, usage, now) : left) ?? plan.settings.quota?.limit ?? 0];
}
