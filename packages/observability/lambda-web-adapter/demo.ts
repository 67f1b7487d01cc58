import { randomUUID } from 'node:crypto';
import { signedFetch } from '@stackyard/proof-kit';

/** How the demo makes this pattern log, and what it suggests to try next. */
export const shape = {
  title: 'Lambda, HTTP server + web adapter + extension',
  stack: 'lambda-web-adapter',
  async send(outputs: Readonly<Record<string, string>>) {
    const text = 'a plain line from an HTTP server';
    const lines = Array.from({ length: 10 }, (_, i) => ({ id: randomUUID(), text: `${text} (${i + 1} of 10)` }));
    const body = lines.map((line) => `${line.text} ${line.id}`).join('\n');
    const response = await signedFetch(`${outputs['FunctionUrl']}lines`, { method: 'POST', body });
    if (!response.ok) throw new Error(`lambda-web-adapter answered ${response.status}: ${await response.text()}`);
    return lines;
  },
  next(outputs: Readonly<Record<string, string>>) {
    return [
      `curl --aws-sigv4 "aws:amz:$AWS_REGION:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -d 'hello' ${outputs['FunctionUrl']}lines`,
    ];
  },
};
