import type {
  AdminInitiateAuthCommandInput,
  AdminInitiateAuthCommandOutput,
  ExplicitAuthFlowsType,
  InitiateAuthCommandInput,
  InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { startCustomAuth } from './custom-auth.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { clientById, clientOf, forAnybody, onPool, poolOf } from './references.ts';
import { refresh } from './refresh-token.ts';
import { checkSecretHash } from './secret-hash.ts';
import { answerFor, proveByPassword, type SignIn, type SignInAnswer } from './sign-in.ts';
import { startSrp } from './srp-challenge.ts';

type Parameters = Readonly<Record<string, string>>;

export const initiateAuth = operation<InitiateAuthCommandInput, InitiateAuthCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    return start({ cloud, pool, client, metadata: input.ClientMetadata }, input, false);
  },
});

export const adminInitiateAuth = operation<AdminInitiateAuthCommandInput, AdminInitiateAuthCommandOutput>({
  demands: onPool('AdminInitiateAuth'),
  async run(input, call) {
    const pool = poolOf(input, call);
    const client = clientOf(pool, input.ClientId);
    return start({ cloud: call.cloud, pool, client, metadata: input.ClientMetadata }, input, true);
  },
});

/** What a client must have been told to allow, old names beside new ones ("ExplicitAuthFlows"). */
const permissions: Readonly<Record<string, readonly ExplicitAuthFlowsType[]>> = {
  USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'],
  ADMIN_USER_PASSWORD_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  ADMIN_NO_SRP_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  USER_SRP_AUTH: ['ALLOW_USER_SRP_AUTH'],
  CUSTOM_AUTH: ['ALLOW_CUSTOM_AUTH', 'CUSTOM_AUTH_FLOW_ONLY'],
  REFRESH_TOKEN_AUTH: ['ALLOW_REFRESH_TOKEN_AUTH'],
  REFRESH_TOKEN: ['ALLOW_REFRESH_TOKEN_AUTH'],
};

const flows = [...Object.keys(permissions), 'USER_AUTH'];

interface Given {
  readonly AuthFlow?: string | undefined;
  readonly AuthParameters?: Parameters | undefined;
}

async function start(
  signIn: SignIn,
  { AuthFlow = '', AuthParameters = {} }: Given,
  isAdmin: boolean,
): Promise<SignInAnswer> {
  const { client } = signIn;
  validate(oneOf('authFlow', AuthFlow, flows));
  if (AuthFlow === 'USER_AUTH') throw unsupported('choice-based sign-in (USER_AUTH)');
  checkFlow(signIn, AuthFlow, isAdmin);
  if (AuthFlow.startsWith('REFRESH_TOKEN')) return refresh(signIn, AuthParameters);
  const username = required(AuthParameters, 'USERNAME');
  checkSecretHash(client, username, AuthParameters['SECRET_HASH']);
  if (AuthFlow === 'USER_SRP_AUTH') return startSrp(signIn, username, required(AuthParameters, 'SRP_A'));
  if (AuthFlow === 'CUSTOM_AUTH') return startCustomAuth(signIn, username, AuthParameters);
  return answerFor(signIn, await proveByPassword(signIn, username, required(AuthParameters, 'PASSWORD')));
}

function checkFlow({ client }: SignIn, flow: string, isAdmin: boolean): void {
  if (flow.startsWith('ADMIN_') && !isAdmin) throw invalidParameter('Initiate Auth method not supported.');
  const allowed = client.settings.ExplicitAuthFlows ?? [];
  // Clients told with the old names could refresh and use SRP without a word.
  const old = !allowed.some((name) => name.startsWith('ALLOW_'));
  if (old && (flow.startsWith('REFRESH_TOKEN') || flow === 'USER_SRP_AUTH')) return;
  if (permissions[flow]?.some((name) => allowed.includes(name))) return;
  throw invalidParameter(
    isAdmin ? 'Auth flow not enabled for this client' : `${flow} flow not enabled for this client`,
  );
}

/** A parameter of the flow. Throws InvalidParameterException where it is missing or empty. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '') throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
