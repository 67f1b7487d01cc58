import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** Value of an SSM parameter. Throws ParameterNotFound when there is none. */
export async function ssmParameter(name: string): Promise<string> {
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: name }));
  return Parameter?.Value ?? '';
}
