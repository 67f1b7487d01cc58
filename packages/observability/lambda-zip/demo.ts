import { randomUUID } from 'node:crypto';
import { signedFetch } from '@stackyard/proof-kit';

const requests = [
  { format: 'json', text: 'a structured line' },
  { format: 'text', text: 'a plain line, ünïcode 🚀 included' },
  { format: 'object', text: 'a JavaScript object, as console.log prints it' },
];

/** How the demo makes this pattern log, and what it suggests to try next. */
export const shape = {
  title: 'Lambda, zip + extension layer',
  stack: 'lambda-zip',
  async send(outputs: Readonly<Record<string, string>>) {
    const sent = requests.map((request) => ({ ...request, id: randomUUID() }));
    for (const { format, text, id } of sent) {
      const body = JSON.stringify({ format, lines: [`${text} ${id}`] });
      const response = await signedFetch(outputs['FunctionUrl'] ?? '', { method: 'POST', body });
      if (!response.ok) throw new Error(`lambda-zip answered ${response.status}: ${await response.text()}`);
    }
    return sent.map(({ id, text }) => ({ id, text }));
  },
  next(outputs: Readonly<Record<string, string>>) {
    return [
      `curl --aws-sigv4 aws:amz:us-east-1:lambda --user test:test -d '{"lines": ["hello"]}' ${outputs['FunctionUrl']}`,
    ];
  },
};
