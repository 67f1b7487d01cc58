import { createHash, randomBytes } from 'node:crypto';
import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolDomainCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { browser } from './cognito-browser.ts';
import { guide, password, reference, userPool } from './cognito-support.ts';
import { type Claim, refusal, type Target } from './contract.ts';
import { deployed, zip } from './lambda-support.ts';

/** Where a pool's public documents are, below `/.well-known`. */
async function issuerUrl(target: Target, { cognito, UserPoolId }: Awaited<ReturnType<typeof userPool>>) {
  if (target.kind === 'aws') return `https://cognito-idp.${target.region}.amazonaws.com/${UserPoolId}`;
  const endpoint = await cognito.config.endpoint?.();
  return `http://${endpoint?.hostname}:${endpoint?.port}/${UserPoolId}`;
}

/** A function that Cognito may call, by its ARN. */
async function trigger(target: Target, handler: string): Promise<string> {
  const { lambda, FunctionName } = await deployed(target, {
    Code: { ZipFile: zip({ 'index.mjs': `export const handler = ${handler};` }) },
  });
  const Principal = 'cognito-idp.amazonaws.com';
  const permission = { FunctionName, Principal, StatementId: 'cognito', Action: 'lambda:InvokeFunction' };
  await lambda.send(new AddPermissionCommand(permission));
  return `arn:aws:lambda:${target.region}:${target.account}:function:${FunctionName}`;
}

/** Claims about tokens and who verifies them, triggers and the pages people sign in by. */
export const hostedClaims: readonly Claim[] = [
  {
    operation: 'InitiateAuth',
    claim: 'gives tokens signed by RS256 with a key of the pool’s JWKS',
    source: guide('Verifying JSON web tokens'),
    async run(target) {
      const pool = await userPool(target);
      const { IdToken = '', AccessToken = '' } = await pool.signedIn();
      const keys = createRemoteJWKSet(new URL(`${await issuerUrl(target, pool)}/.well-known/jwks.json`));
      for (const token of [IdToken, AccessToken]) {
        const currentDate = new Date((decodeJwt(token).iat ?? 0) * 1000);
        expect((await jwtVerify(token, keys, { currentDate })).protectedHeader.alg).toBe('RS256');
      }
    },
  },
  {
    operation: 'CreateUserPoolClient',
    beside: ['UpdateUserAttributes', 'InitiateAuth'],
    claim: 'lets an app read and write standard attributes and no custom one, when it is not told which',
    source: reference('UserPoolClientType'),
    async run(target) {
      const Schema = [{ Name: 'tenant_id', AttributeDataType: 'String' as const }];
      const { cognito, signedIn } = await userPool(target, { Schema });
      const tenant = { Name: 'custom:tenant_id', Value: 'acme' };
      const { IdToken = '', AccessToken } = await signedIn({}, [tenant, { Name: 'name', Value: 'Ann' }]);
      expect(decodeJwt(IdToken)).toMatchObject({ name: 'Ann' });
      expect(decodeJwt(IdToken)).not.toHaveProperty('custom:tenant_id');
      const write = (Name: string) =>
        cognito.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value: 'other' }] }));
      await write('name');
      expect((await refusal(write('custom:tenant_id'))).name).toBe('NotAuthorizedException');
    },
  },
  {
    operation: 'CreateUserPool',
    beside: ['InitiateAuth', 'CreateUserPoolClient'],
    claim: 'takes a trigger that adds claims to tokens, but none that say who somebody is',
    source: guide('Pre token generation Lambda trigger'),
    async run(target) {
      const PreTokenGeneration = await trigger(
        target,
        `async (event) => {
          event.response = { claimsOverrideDetails: { claimsToAddOrOverride: { plan: 'free', sub: 'somebody else' } } };
          return event;
        }`,
      );
      const { signedIn } = await userPool(target, { LambdaConfig: { PreTokenGeneration } });
      const { IdToken = '', AccessToken = '' } = await signedIn();
      expect(decodeJwt(IdToken)).toMatchObject({ plan: 'free', sub: decodeJwt(AccessToken).sub });
      expect(decodeJwt(IdToken).sub).not.toBe('somebody else');
    },
  },
  {
    operation: 'CreateUserPool',
    beside: ['SignUp', 'CreateUserPoolClient'],
    claim: 'takes a trigger that refuses a sign-up with its own words',
    source: guide('Pre sign-up Lambda trigger'),
    async run(target) {
      const PreSignUp = await trigger(target, "async () => { throw new Error('not from there'); }");
      const { cognito, appClient } = await userPool(target, { LambdaConfig: { PreSignUp } });
      const ClientId = await appClient();
      const call = cognito.send(new SignUpCommand({ ClientId, Username: 'eve', Password: password }));
      expect(await refusal(call)).toEqual({
        name: 'UserLambdaValidationException',
        message: 'PreSignUp failed with error not from there.',
      });
    },
  },
  {
    operation: 'CreateUserPoolDomain',
    beside: ['CreateUserPoolClient', 'DeleteUserPoolDomain'],
    claim: 'serves the sign-in: a code, once, for who has its verifier (PKCE)',
    source: guide('Using PKCE in authorization code grants'),
    async run(target) {
      const pool = await userPool(target);
      const { cognito, UserPoolId, appClient, user } = pool;
      const Domain = target.name();
      await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }));
      target.afterwards(() => cognito.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain })));
      const redirect_uri = 'https://app.example.com/callback';
      const client_id = await appClient({
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid'],
        SupportedIdentityProviders: ['COGNITO'],
        CallbackURLs: [redirect_uri],
      });
      await user('ann');
      const well = `${await issuerUrl(target, pool)}/.well-known/openid-configuration`;
      const server = await target.until(async () => {
        const read = (await (await fetch(well)).json()) as Record<string, string>;
        expect(read).toHaveProperty('authorization_endpoint');
        return read;
      });
      /** Signs in by the page; the code that the app is sent. */
      const codeFor = async (verifier: string) => {
        const url = new URL(server['authorization_endpoint'] ?? '');
        const code_challenge = createHash('sha256').update(verifier).digest('base64url');
        const challenge = { code_challenge, code_challenge_method: 'S256' };
        url.search = `${new URLSearchParams({ client_id, redirect_uri, response_type: 'code', scope: 'openid', ...challenge })}`;
        const visitor = browser(url.hostname);
        await visitor.open(url);
        const back = await visitor.submit({ username: 'ann', password });
        return back?.searchParams.get('code') ?? '';
      };
      const redeem = async (code: string, code_verifier: string) => {
        const form = { grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier };
        const body = new URLSearchParams(form);
        const response = await fetch(server['token_endpoint'] ?? '', { method: 'POST', body });
        return { status: response.status, body: (await response.json()) as Record<string, string> };
      };
      const verifier = randomBytes(32).toString('base64url');
      const code = await codeFor(verifier);
      const answer = await redeem(code, verifier);
      expect(decodeJwt(answer.body['id_token'] ?? '')).toMatchObject({ aud: client_id, 'cognito:username': 'ann' });
      const invalid = { status: 400, body: { error: 'invalid_grant' } };
      expect(await redeem(code, verifier)).toMatchObject(invalid);
      expect(await redeem(await codeFor(verifier), randomBytes(32).toString('base64url'))).toMatchObject(invalid);
    },
  },
];
