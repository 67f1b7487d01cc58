const percent = '(?:100|\\d{1,2})(?:\\.\\d{1,10})?';
const bound = (sign: string) => `\\d+(?:\\.\\d{1,10})?${sign}`;
const range = (sign: string) => `(?:${bound(sign)}:(?:${bound(sign)})?|:${bound(sign)})`;

/**
 * Every statistic's name as "CloudWatch statistics definitions" (User Guide) writes them: `Sum`, `p99.9`, `tm90`, `IQM`,
 * `TC(:0.5)`, `WM(10%:90%)`, `PR(:300)`.
 */
export const anyStatistic = new RegExp(
  `^(?:SampleCount|Average|Sum|Minimum|Maximum|IQM|(?:p|tm|wm|tc|ts)${percent}|(?:TM|WM|TC|TS)\\((?:${range('%')}|${range('')})\\)|PR\\(${range('')}\\))$`,
);

/** The statistics that need no single values. */
export const basicStatistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type BasicStatistic = (typeof basicStatistics)[number];

export const isBasic = (name: string): name is BasicStatistic => basicStatistics.some((basic) => basic === name);
