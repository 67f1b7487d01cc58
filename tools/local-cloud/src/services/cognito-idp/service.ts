import type { Service } from '../../service.ts';
import { hostedPages } from './hosted/route.ts';
import { wellKnown } from './well-known.ts';

/** The operations that an app calls for its user: a token, a session or the client's secret is the permission. */
const open = [
  'AssociateSoftwareToken',
  'ChangePassword',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'DeleteUser',
  'DeleteUserAttributes',
  'ForgotPassword',
  'GetTokensFromRefreshToken',
  'GetUser',
  'GetUserAttributeVerificationCode',
  'GlobalSignOut',
  'InitiateAuth',
  'ResendConfirmationCode',
  'RespondToAuthChallenge',
  'RevokeToken',
  'SetUserMFAPreference',
  'SignUp',
  'UpdateUserAttributes',
  'VerifySoftwareToken',
  'VerifyUserAttribute',
];

/**
 * Amazon Cognito user pools with passwords, authenticator apps and Lambda triggers. Tokens carry AWS's issuer; their
 * keys are served beside it. Messages are kept, not sent.
 */
export const cognitoIdp: Service = {
  name: 'cognito-idp',
  model: () => import('@aws-sdk/client-cognito-identity-provider'),
  validationCode: 'InvalidParameterException',
  throttlingCode: 'TooManyRequestsException',
  operations: async () => (await import('./operations.ts')).cognitoOperations,
  unsigned: open.map((name) => `AWSCognitoIdentityProviderService.${name}`),
  routes: [wellKnown, hostedPages],
};
