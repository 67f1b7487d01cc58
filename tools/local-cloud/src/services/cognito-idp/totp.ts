import { verify } from 'otplib';
import type { TotpSecret } from './state.ts';

const step = 30;

/**
 * Whether it is a code of the authenticator app now, or half a minute to either side. Each code is taken once.
 *
 * `now` in milliseconds.
 */
export async function takesTotp(totp: TotpSecret, code: string, now: number): Promise<boolean> {
  if (!/^\d{6}$/.test(code)) return false;
  const epoch = Math.floor(now / 1000);
  const { secret } = totp;
  const result = await verify({ strategy: 'totp', secret, token: code, epoch, epochTolerance: step });
  if (!result.valid) return false;
  const taken = Math.floor(epoch / step) + result.delta;
  if (taken <= totp.lastStep) return false;
  totp.lastStep = taken;
  return true;
}
