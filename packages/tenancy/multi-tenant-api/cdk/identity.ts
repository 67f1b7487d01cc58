import { acknowledge, contextVariablesOf } from '@stackyard/cdk-core';
import { Aws, Duration, Fn } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  Mfa,
  OAuthScope,
  StringAttribute,
  UserPool,
  UserPoolClient,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** Users of all tenants: each has its tenant in an attribute that is set once, by the admin API. */
export class Identity extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly domain: UserPoolDomain;

  /** @param home the page that browsers come back to after they have signed in, and out. */
  constructor(scope: Construct, id: string, home: string) {
    super(scope, id);
    this.pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      customAttributes: { tenant_id: new StringAttribute({ minLen: 20, maxLen: 128, mutable: false }) },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: contextVariablesOf(this).usage === 'PRODUCTION',
    });
    acknowledge(
      this.pool,
      'AwsSolutions-COG3',
      'Threat protection wants the Plus plan, which costs per user; second factors are required',
    );
    acknowledge(this.pool, 'AwsSolutions-COG8', 'The Plus plan costs per user; what it adds is threat protection');
    this.client = new UserPoolClient(this, 'App', {
      userPool: this.pool,
      // For browsers, which keep no secret: the code is worth nothing without the verifier (PKCE).
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
        callbackUrls: [home],
        logoutUrls: [home],
      },
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.minutes(15),
      accessTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(1),
      readAttributes: new ClientAttributes().withStandardAttributes({ email: true }).withCustomAttributes('tenant_id'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
    });
    // Names of domains are the region's: the stack's own ID makes this one nobody else's.
    const unique = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
    this.domain = this.pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: Fn.join('-', ['tenants', unique]) } });
  }
}
