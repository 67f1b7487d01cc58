import { randomInt } from 'node:crypto';
import type { Cloud } from '../service.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A policy document as its author wrote it, and as it is evaluated. */
export interface StoredDocument {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** What users, roles and groups have in common. */
export interface Identity {
  readonly name: string;
  /** Unique for ever: a successor of the same name gets another. */
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: Date;
  readonly inline: Map<string, StoredDocument>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
}

export interface Role extends Identity {
  trust: StoredDocument;
  description: string | undefined;
  maxSessionSeconds: number;
  boundaryArn: string | undefined;
  readonly tags: Map<string, string>;
}

export interface User extends Identity {
  boundaryArn: string | undefined;
  readonly tags: Map<string, string>;
  readonly accessKeys: Map<string, AccessKey>;
}

export interface AccessKey {
  readonly id: string;
  readonly createDate: Date;
  active: boolean;
}

export interface Group extends Identity {
  /** User names. */
  readonly members: Set<string>;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly createDate: Date;
  updateDate: Date;
  defaultVersionId: string;
  /** Version numbers are never used again. */
  versionsMade: number;
  readonly versions: Map<string, StoredDocument & { readonly createDate: Date }>;
  readonly tags: Map<string, string>;
}

/** All of one account's IAM. Names are unique whatever their case, so maps are keyed by the lower-cased name. */
export interface IamState {
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  /** By ARN. */
  readonly policies: Map<string, ManagedPolicy>;
}

export function iamState(cloud: Cloud, account: string): IamState {
  return cloud.store('iam', account, 'global', () => ({
    roles: new Map(),
    users: new Map(),
    groups: new Map(),
    policies: new Map(),
  }));
}

export function findRole(cloud: Cloud, account: string, name: string): Role | undefined {
  return iamState(cloud, account).roles.get(name.toLowerCase());
}

/** The role an ARN names; `undefined` when there is none, or its path differs. */
export function roleOfArn(cloud: Cloud, roleArn: string): Role | undefined {
  const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  if (!account || !name) return undefined;
  const role = findRole(cloud, account, name);
  return role?.arn === roleArn ? role : undefined;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** "IAM identifiers: Unique ID prefixes": AROA role, AIDA user, AGPA group, ANPA managed policy, AKIA/ASIA access keys. */
export function uniqueId(prefix: 'AROA' | 'AIDA' | 'AGPA' | 'ANPA' | 'AKIA' | 'ASIA'): string {
  // 21 characters for identities and policies, 20 for access keys.
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  return prefix + Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
