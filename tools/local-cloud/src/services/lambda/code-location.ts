import { createHmac, randomBytes } from 'node:crypto';
import type { Call, Cloud, Route } from '../../service.ts';
import { type CodePackage, isImage, type LambdaState, lambdaState } from './state.ts';

/** Signs links to packages; a link outlives neither the process nor its ten minutes. */
const key = randomBytes(32);
const validMs = 600_000;

/** A link from which anyone who has it can download a package for ten minutes, as with S3's presigned URLs. */
export function packageLocation({ cloud, account, region }: Call, code: CodePackage): string {
  const subject = `${account}/${region}/${Buffer.from(code.sha256, 'base64').toString('hex')}`;
  const expires = String(cloud.clock.now() + validMs);
  return `${cloud.endpoint}/lambda-code/${subject}?expires=${expires}&signature=${sign(subject, expires)}`;
}

function sign(subject: string, expires: string): string {
  return createHmac('sha256', key).update(`${subject} ${expires}`).digest('hex');
}

/** Serves those links. */
export const packageRoute: Route = {
  matches: ({ path, method }) => method === 'GET' && path.startsWith('/lambda-code/'),
  async handle({ path, query }, response, cloud) {
    const subject = path.slice('/lambda-code/'.length);
    const expires = query.get('expires') ?? '';
    const genuine = query.get('signature') === sign(subject, expires) && Number(expires) > cloud.clock.now();
    const code = genuine ? findPackage(cloud, subject) : undefined;
    response.writeHead(code ? 200 : 403, { 'content-type': code ? 'application/zip' : 'text/plain' });
    response.end(code ? code.zip : 'The link is not valid or has expired.');
  },
};

function findPackage(cloud: Cloud, subject: string): CodePackage | undefined {
  const [account = '', region = '', hash = ''] = subject.split('/');
  const sha256 = Buffer.from(hash, 'hex').toString('base64');
  return packages(lambdaState(cloud, account, region)).find((code) => code.sha256 === sha256);
}

function packages({ functions, layers }: LambdaState): CodePackage[] {
  return [
    ...[...functions.values()].flatMap(({ latest, versions }) =>
      [latest, ...versions.values()].flatMap(({ code }) => (isImage(code) ? [] : [code])),
    ),
    ...[...layers.values()].flatMap(({ versions }) => [...versions.values()].map(({ code }) => code)),
  ];
}
