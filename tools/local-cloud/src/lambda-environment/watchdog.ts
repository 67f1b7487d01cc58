import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads which process groups come (`+`) and go (`-`). Its input ends with the process that started it, however that ended;
 * then it kills what is left, stopped processes included, which nobody could wake any more.
 */
const script = `
groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done
`;

let watchdog: ChildProcess | undefined;

/** One small shell for all groups of this process, started with the first. */
function tell(change: '+' | '-', group: number): void {
  if (!watchdog) {
    // A session of its own: Ctrl-C in the terminal is not for it.
    watchdog = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    watchdog.unref();
    // Without it this process still ends its groups itself, unless it is killed.
    watchdog.on('error', () => {});
    watchdog.stdin?.on('error', () => {});
    (watchdog.stdin as NodeJS.WriteStream | null)?.unref?.();
  }
  watchdog.stdin?.write(`${change} ${group}\n`);
}

/** From now on a process group does not outlive this process, even one that ends by SIGKILL. */
export function guardGroup(group: number): void {
  tell('+', group);
}

/** The group has ended: its number may become another's. */
export function releaseGroup(group: number): void {
  tell('-', group);
}
