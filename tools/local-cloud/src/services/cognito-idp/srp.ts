import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secure Remote Password as Cognito's clients speak it: SRP-6a over the 3072-bit group of RFC 3526 with SHA-256, a key
 * derived with the info "Caldera Derived Key" and a signature over pool, user, secret block and time. No library has the
 * server's side. Numbers are hexadecimal, padded as Java's BigInteger does: to whole bytes, and never with the top bit set.
 */

/** What is kept of a password: nobody can sign in with it alone. */
export interface PasswordVerifier {
  readonly salt: string;
  readonly verifier: string;
}

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;
const k = BigInt(`0x${hashHex(padHex(N) + padHex(g))}`);

/** Of a password of a user; `poolName` is what follows the `_` in the pool's ID. */
export function newVerifier(poolName: string, username: string, password: string): PasswordVerifier {
  const salt = padHex(BigInt(`0x${randomBytes(16).toString('hex')}`));
  return { salt, verifier: power(g, passwordNumber(poolName, username, password, salt)).toString(16) };
}

/** Whether it is this password. */
export function isPassword(known: PasswordVerifier, poolName: string, username: string, password: string): boolean {
  const verifier = power(g, passwordNumber(poolName, username, password, known.salt)).toString(16);
  const [given, expected] = [Buffer.from(verifier), Buffer.from(known.verifier)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The server's first answer to SRP_A: `b` stays secret, `B` goes to the client. */
export function startHandshake({ verifier }: PasswordVerifier): { readonly b: string; readonly B: string } {
  const b = BigInt(`0x${randomBytes(32).toString('hex')}`);
  const B = (k * BigInt(`0x${verifier}`) + power(g, b)) % N;
  return { b: b.toString(16), B: B.toString(16) };
}

/** Whether a client's SRP_A is one the protocol allows: not a multiple of N. */
export function isPublicValue(a: string): boolean {
  return /^[0-9a-f]+$/i.test(a) && a.length <= 1024 && BigInt(`0x${a}`) % N !== 0n;
}

export interface Proof {
  readonly poolName: string;
  readonly username: string;
  /** Base64, as sent. */
  readonly secretBlock: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** Whether the client knows the password, as its signature over the handshake shows. */
export function provesPassword(
  known: PasswordVerifier,
  { a, b }: { readonly a: string; readonly b: string },
  { poolName, username, secretBlock, timestamp, signature }: Proof,
): boolean {
  const [A, secret, v] = [BigInt(`0x${a}`), BigInt(`0x${b}`), BigInt(`0x${known.verifier}`)];
  const B = (k * v + power(g, secret)) % N;
  const u = BigInt(`0x${hashHex(padHex(A) + padHex(B))}`);
  const S = power((A * power(v, u)) % N, secret);
  const info = 'Caldera Derived Key';
  const key = hkdfSync('sha256', Buffer.from(padHex(S), 'hex'), Buffer.from(padHex(u), 'hex'), info, 16);
  const expected = createHmac('sha256', Buffer.from(key))
    .update(poolName)
    .update(username)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function passwordNumber(poolName: string, username: string, password: string, salt: string): bigint {
  const inner = createHash('sha256').update(`${poolName}${username}:${password}`).digest('hex');
  return BigInt(`0x${hashHex(padHex(BigInt(`0x${salt}`)) + inner)}`);
}

function hashHex(hex: string): string {
  return createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');
}

function padHex(number: bigint): string {
  const hex = number.toString(16);
  const whole = hex.length % 2 === 1 ? `0${hex}` : hex;
  return /^[89a-f]/.test(whole) ? `00${whole}` : whole;
}

/** base^exponent mod N. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}
