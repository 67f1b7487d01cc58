interface Entry {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Keys and values of a connection's parameters. */
export function named(entries: readonly Entry[] | undefined): Record<string, string> {
  return Object.fromEntries((entries ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The address with these parameters in its query; those of the same name give way. */
export function addQuery(address: string, parameters: Readonly<Record<string, string>>): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
