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
    const sent: { id: string; text: string }[] = [];
    for (const { format, text } of requests) {
      const lines = Array.from({ length: 10 }, (_, i) => ({ id: randomUUID(), text: `${text} (${i + 1} of 10)` }));
      const body = JSON.stringify({ format, lines: lines.map((line) => `${line.text} ${line.id}`) });
      const response = await signedFetch(outputs['FunctionUrl'] ?? '', { method: 'POST', body });
      if (!response.ok) throw new Error(`lambda-zip answered ${response.status}: ${await response.text()}`);
      sent.push(...lines);
    }
    return sent;
  },
  next(outputs: Readonly<Record<string, string>>) {
    return [
      `curl --aws-sigv4 "aws:amz:$AWS_REGION:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -d '{"lines": ["hello"]}' ${outputs['FunctionUrl']}`,
    ];
  },
};
