/** One value for every call to the downstream: 0, or 1 where it failed; the number of its values is that of the calls. */
export const callMetric = { namespace: 'Stackyard/Egress', name: 'CallFailed' } as const;
