import type { AttributeType, UserType } from '@aws-sdk/client-cognito-identity-provider';
import type { User } from './state.ts';

/** A user as lists have it; with names, only those attributes. */
export function listed(user: User, names?: readonly string[]): UserType {
  return {
    Username: user.name,
    Attributes: attributeList(user, names),
    UserCreateDate: user.created,
    UserLastModifiedDate: user.modified,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

/** The attributes of these names that the user has, or all. */
export function attributeList({ attributes }: User, names?: readonly string[]): AttributeType[] {
  return [...attributes]
    .filter(([name]) => names === undefined || names.length === 0 || names.includes(name))
    .map(([Name, Value]) => ({ Name, Value }));
}

/** What GetUser and AdminGetUser say of second factors. */
export function mfaView(user: User) {
  if (!user.mfaEnabled) return {};
  return {
    UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    ...(user.mfaPreferred && { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }),
  };
}
