import { randomUUID } from 'node:crypto';

/** How the demo makes this pattern log, and what it suggests to try next. */
export const shape = {
  title: 'Fargate, container + FireLens log router',
  stack: 'fargate-firelens',
  async send(outputs: Readonly<Record<string, string>>) {
    const text = 'a structured line from a container';
    const lines = Array.from({ length: 10 }, (_, i) => ({ id: randomUUID(), text: `${text} (${i + 1} of 10)` }));
    const body = JSON.stringify({ lines: lines.map((line) => `${line.text} ${line.id}`) });
    const response = await fetch(`${outputs['Url']}/lines`, { method: 'POST', body });
    if (!response.ok) throw new Error(`fargate-firelens answered ${response.status}: ${await response.text()}`);
    return lines;
  },
  next(outputs: Readonly<Record<string, string>>) {
    return [`curl -d '{"lines": ["hello"]}' ${outputs['Url']}/lines`];
  },
};
