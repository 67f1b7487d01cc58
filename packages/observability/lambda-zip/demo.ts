import { randomUUID } from 'node:crypto';
import { signedFetch } from '@stackyard/proof-kit';

const formats = ['json', 'text', 'object'] as const;

/** This pattern's part in the demo: three requests, one for each way a function may log. */
export const shape = {
  title: 'Lambda, zip package + extension layer',
  stack: 'lambda-zip',

  async send({ FunctionUrl = '' }: Readonly<Record<string, string>>) {
    const sent: { id: string; text: string }[] = [];
    for (const format of formats) {
      const lines = Array.from({ length: 5 }, (_, i) => ({
        id: `demo-${randomUUID()}`,
        text: `${format} line ${i + 1} of 5`,
      }));
      const body = JSON.stringify({ format, lines: lines.map(({ id, text }) => `${text} (${id})`) });
      const response = await signedFetch(FunctionUrl, { method: 'POST', body });
      if (!response.ok) throw new Error(`${FunctionUrl} answered ${response.status}: ${await response.text()}`);
      sent.push(...lines);
    }
    return sent;
  },

  next({ FunctionUrl = '' }: Readonly<Record<string, string>>) {
    return [
      `curl --aws-sigv4 "aws:amz:$AWS_REGION:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -d '{"lines":["hello"]}' ${FunctionUrl}`,
    ];
  },
};
