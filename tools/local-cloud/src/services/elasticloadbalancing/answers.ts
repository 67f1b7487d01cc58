import type { ServerResponse } from 'node:http';
import type { FixedResponseActionConfig, RedirectActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Passage } from './data-plane.ts';

/** The errors a load balancer answers itself ("Troubleshoot your Application Load Balancers"). */
const titles = {
  400: 'Bad Request',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
} as const;

/** A page as the service writes it. Without effect on an answer that has begun: that connection is cut. */
export function failed(response: ServerResponse, status: keyof typeof titles): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  send(response, status, 'text/html', pageOf(`${status} ${titles[status]}`));
}

export function fixedResponse(response: ServerResponse, config: FixedResponseActionConfig): void {
  const { StatusCode, ContentType = 'text/plain', MessageBody = '' } = config;
  send(response, Number(StatusCode), `${ContentType}; charset=utf-8`, MessageBody);
}

/** "Redirect actions": parts that are not given stay as they were, as do `#{protocol}` and the others. */
export function redirect(response: ServerResponse, config: RedirectActionConfig, passage: Passage): void {
  const { seen, listener } = passage;
  const [, ...query] = passage.url.split('?');
  const parts: Readonly<Record<string, string>> = {
    protocol: 'http',
    host: seen.host,
    port: String(listener.port),
    path: seen.path.slice(1),
    query: query.join('?'),
  };
  const fill = (text: string) =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => parts[name] ?? '');
  const {
    Protocol = '#{protocol}',
    Host = '#{host}',
    Port = '#{port}',
    Path = '/#{path}',
    Query = '#{query}',
  } = config;
  const wanted = fill(Query);
  const location = `${fill(Protocol).toLowerCase()}://${fill(Host)}:${fill(Port)}${fill(Path)}${wanted && `?${wanted}`}`;
  const status = config.StatusCode === 'HTTP_301' ? 301 : 302;
  response.setHeader('location', location);
  send(response, status, 'text/html', pageOf(status === 301 ? '301 Moved Permanently' : '302 Found'));
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { server: 'awselb/2.0', 'content-type': type, 'content-length': body.length });
  response.end(response.req?.method === 'HEAD' ? undefined : body);
}

function pageOf(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}
