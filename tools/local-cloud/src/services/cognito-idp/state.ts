import type {
  CreateUserPoolClientRequest,
  GroupType,
  ResourceServerScopeType,
  SchemaAttributeType,
  UserPoolMfaType,
  UserPoolType,
  UserStatusType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Cloud } from '../../service.ts';
import type { PasswordVerifier } from './srp.ts';

/** What DescribeUserPool answers beside what the pool's other parts say. */
export type PoolSettings = Omit<
  UserPoolType,
  'Id' | 'Name' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'SchemaAttributes' | 'MfaConfiguration' | 'UserPoolTags'
>;

export type ClientSettings = Omit<
  CreateUserPoolClientRequest,
  'UserPoolId' | 'ClientName' | 'ClientSecret' | 'GenerateSecret'
>;

export interface UserPool {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  name: string;
  readonly created: Date;
  modified: Date;
  settings: PoolSettings;
  readonly schema: Map<string, SchemaAttributeType>;
  mfa: UserPoolMfaType;
  softwareTokenMfa: boolean;
  tags: Record<string, string>;
  readonly clients: Map<string, AppClient>;
  /** By the name Cognito knows them by; lower case where the pool does not care. */
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly resourceServers: Map<string, ResourceServer>;
  domain: string | undefined;
  /** Base64 DER; made when it is asked for first. */
  certificate: string | undefined;
  /** Made when they are needed first. */
  keys: SigningKeys | undefined;
  /** Sign-ins under way, by the session string that the client has. */
  readonly sessions: Map<string, AuthSession>;
  /** Authorization codes given and not redeemed. */
  readonly authorizationCodes: Map<string, AuthorizationCode>;
  /** Who is signed in at the pool's pages, by the cookie. */
  readonly browserSessions: Map<string, { readonly user: string; readonly expires: number }>;
  /** Sign-ins that were completed, by the `event_id` that all their tokens carry. */
  readonly grants: Map<string, Grant>;
  /** What each refresh token belongs to, and until when it is taken (milliseconds). */
  readonly refreshTokens: Map<string, RefreshToken>;
}

export interface AppClient {
  readonly id: string;
  readonly poolId: string;
  name: string;
  readonly secret: string | undefined;
  readonly created: Date;
  modified: Date;
  settings: ClientSettings;
}

export interface Group extends Omit<GroupType, 'UserPoolId'> {
  readonly members: Set<string>;
}

export interface ResourceServer {
  readonly identifier: string;
  name: string;
  scopes: readonly ResourceServerScopeType[];
}

export interface User {
  readonly name: string;
  /** Everything of the profile, `sub` among it. */
  readonly attributes: Map<string, string>;
  readonly created: Date;
  modified: Date;
  enabled: boolean;
  status: UserStatusType;
  password: PasswordVerifier | undefined;
  /** When a temporary password was given. */
  passwordSet: number;
  readonly passwordHistory: PasswordVerifier[];
  /** Of an authenticator app, base32. */
  totp: TotpSecret | undefined;
  /** Of another app that is being set up. */
  pendingTotp?: string | undefined;
  mfaEnabled: boolean;
  mfaPreferred: boolean;
  /** Codes sent and not used: `signup`, `forgot`, or the attribute to be verified. */
  readonly codes: Map<string, SentCode>;
  failedSignIns: number;
  lastFailure: number;
  lockedUntil: number;
}

export interface TotpSecret {
  readonly secret: string;
  verified: boolean;
  /** Thirty-second step of the last code taken: each is taken once. */
  lastStep: number;
}

export interface SentCode {
  readonly code: string;
  readonly expires: number;
  failures: number;
}

export interface AuthSession {
  /** `undefined`: nobody of that name, and the client is not told. */
  readonly user: string | undefined;
  readonly clientId: string;
  readonly challenge: string;
  readonly expires: number;
  /** What the server keeps of an SRP handshake. */
  readonly srp?: { readonly secretBlock: string; readonly a: string; readonly b: string } | undefined;
  /** An authenticator app being set up. */
  readonly totpSecret?: string | undefined;
  readonly custom?: readonly ChallengeResult[] | undefined;
  readonly privateParameters?: Readonly<Record<string, string>> | undefined;
}

/** One round of a custom sign-in, as the triggers see it ("Define auth challenge Lambda trigger", Cognito Developer Guide). */
export interface ChallengeResult {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string;
}

/** A completed sign-in: what its refresh tokens stand for. */
export interface Grant {
  readonly eventId: string;
  readonly user: string;
  readonly clientId: string;
  /** `origin_jti` of every token of this sign-in. */
  readonly originJti: string;
  /** Seconds. */
  readonly authTime: number;
  readonly scopes: readonly string[];
  revoked: boolean;
}

export interface RefreshToken {
  readonly eventId: string;
  readonly until: number;
  /** It was exchanged for another one, where refresh tokens rotate. */
  readonly isReplaced?: boolean;
}

/** What an authorization code stands for (RFC 6749, section 4.1; RFC 7636 for the challenge). */
export interface AuthorizationCode {
  readonly user: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  /** S256. */
  readonly codeChallenge: string | undefined;
  readonly expires: number;
}

/** Private keys as PEM: one signs ID tokens, the other access tokens. */
export interface SigningKeys {
  readonly id: SigningKey;
  readonly access: SigningKey;
  /** Those before a rotation: what they signed is still verified. */
  readonly retired: readonly SigningKey[];
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: string;
}

interface CognitoState {
  readonly pools: Map<string, UserPool>;
}

/** The pools of an account and region, by id. */
export function poolsOf(cloud: Cloud, account: string, region: string): Map<string, UserPool> {
  return cloud.store<CognitoState>('cognito-idp', account, region, () => ({ pools: new Map() })).pools;
}

/** Every pool of every account and region. */
export function* allPools(cloud: Cloud): Generator<UserPool> {
  for (const { account, region } of cloud.scopes('cognito-idp')) yield* poolsOf(cloud, account, region).values();
}
