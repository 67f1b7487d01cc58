import { randomUUID } from 'node:crypto';
import { sendTo } from './deployed-echo.ts';
import type { Format } from './log-request.ts';

const requests: readonly { format: Format; text: string }[] = [
  { format: 'json', text: 'a structured line' },
  { format: 'text', text: 'a plain line, ünïcode 🚀 included' },
  { format: 'object', text: 'a JavaScript object, as console.log prints it' },
];
const linesEach = 10;

/**
 * How the demo makes an echo log, in every format, and what it suggests to try next.
 *
 * @param title how a person calls the compute shape
 * @param stack without its stage: `lambda-zip` for `dev-lambda-zip`
 */
export function echoShape(title: string, stack: string) {
  return {
    title,
    stack,
    async send({ FunctionUrl = '' }: Readonly<Record<string, string>>) {
      const sent: { id: string; text: string }[] = [];
      for (const { format, text } of requests) {
        const lines = Array.from({ length: linesEach }, (_, i) => {
          const id: string = randomUUID();
          return { id, text: `${text} (${i + 1} of ${linesEach}) ${id}` };
        });
        await sendTo(FunctionUrl, { format, lines: lines.map((line) => line.text) });
        sent.push(...lines);
      }
      return sent;
    },
    next({ FunctionUrl = '' }: Readonly<Record<string, string>>) {
      return [
        `curl --aws-sigv4 "aws:amz:$AWS_REGION:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -d '{"lines": ["hello"]}' ${FunctionUrl}`,
      ];
    },
  };
}
