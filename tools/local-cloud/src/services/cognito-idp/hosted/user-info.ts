import { AwsError } from '../../../errors.ts';
import { holderOf } from '../access-token.ts';
import { readable } from '../client-settings.ts';
import { scopedAttributes } from '../tokens.ts';
import { type HostedAnswer, type HostedRequest, json } from './answers.ts';

/** `GET /oauth2/userInfo`: the profile behind an access token with the scope `openid`. Every value is text. */
export async function userInfo({ cloud, pool, raw }: HostedRequest): Promise<HostedAnswer> {
  const token = /^Bearer\s+(\S+)$/i.exec(raw.headers.authorization ?? '')?.[1];
  try {
    const holder = await holderOf(cloud, token, 'openid');
    if (holder.pool.id !== pool.id) return refusal('Invalid Access Token');
    const names = scopedAttributes(holder.grant.scopes, readable(holder.client));
    const seen = [...holder.user.attributes].filter(([name]) => names.includes(name));
    return json(200, { ...Object.fromEntries(seen), username: holder.user.name });
  } catch (error) {
    if (error instanceof AwsError) return refusal(error.message);
    throw error;
  }
}

function refusal(description: string): HostedAnswer {
  const error = { error: 'invalid_token', error_description: description };
  return json(401, error, { 'www-authenticate': `Bearer error="invalid_token", error_description="${description}"` });
}
