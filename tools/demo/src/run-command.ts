import { spawn } from 'node:child_process';

/**
 * Runs a command, handing each line it prints to `onLine`; resolves when it ends well, rejects with its last lines when
 * it does not.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd: string; environment: Readonly<Record<string, string>>; onLine(line: string): void },
): Promise<void> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines.filter((text) => text.trim())) {
        last.push(line);
        if (last.length > 60) last.shift();
        options.onLine(line);
      }
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${last.join('\n')}`));
    });
  });
}
