import { parseArgs } from 'node:util';

/** A request to the admin API. */
export interface AdminRequest {
  readonly method: string;
  /** Below `/admin/`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, string>>;
}

export const usage = `pnpm tenant <command>

  add <slug> --plan <free|standard|premium> [--email <address>]   onboard; again is the same
  list                                                            every tenant
  show <tenantId>
  plan <tenantId> <free|standard|premium>                         another plan, at once
  suspend <tenantId>                                              no request passes within a minute
  resume <tenantId>
  rotate <tenantId>                                               another API key
  invite <tenantId> <address>                                     one more user
  remove <tenantId>                                               offboard: keys and users go, row and audit stay
  reconcile                                                       repair what differs from the table`;

type Command = (args: readonly string[], options: { plan?: string; email?: string }) => AdminRequest;

const tenant = (id: string | undefined, rest = '') =>
  `tenants/${encodeURIComponent(required(id, 'a tenant ID'))}${rest}`;

const commands: Readonly<Record<string, Command>> = {
  add: ([slug], { plan, email }) => ({
    method: 'POST',
    path: 'tenants',
    body: { slug: required(slug, 'a slug'), plan: required(plan, '--plan'), ...(email && { email }) },
  }),
  list: () => ({ method: 'GET', path: 'tenants' }),
  show: ([id]) => ({ method: 'GET', path: tenant(id) }),
  plan: ([id, plan]) => ({ method: 'PATCH', path: tenant(id), body: { plan: required(plan, 'a plan') } }),
  suspend: ([id]) => ({ method: 'PATCH', path: tenant(id), body: { status: 'SUSPENDED' } }),
  resume: ([id]) => ({ method: 'PATCH', path: tenant(id), body: { status: 'ACTIVE' } }),
  rotate: ([id]) => ({ method: 'POST', path: tenant(id, '/key') }),
  invite: ([id, email]) => ({
    method: 'POST',
    path: tenant(id, '/users'),
    body: { email: required(email, 'an address') },
  }),
  remove: ([id]) => ({ method: 'DELETE', path: tenant(id) }),
  reconcile: () => ({ method: 'POST', path: 'reconciliations' }),
};

/** What a command line asks of the admin API. Throws with what is missing. */
export function readCommand(argv: readonly string[]): AdminRequest {
  const options = { plan: { type: 'string' }, email: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name = '', ...args] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(name === '' ? 'a command is missing' : `there is no command ${name}`);
  return command(args, values);
}

function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`${what} is missing`);
  return value;
}
