import { request } from 'node:http';
import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import {
  CreateRuleCommand,
  DeregisterTargetsCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoadBalancerCloud, startLoadBalancerCloud } from './fixtures/network/load-balancer.ts';

let cloud: LoadBalancerCloud;
beforeAll(async () => {
  cloud = await startLoadBalancerCloud();
});
afterAll(() => cloud.close());

/** A load balancer in front of one target. */
async function inFrontOf(name: string, ...handlers: Parameters<LoadBalancerCloud['target']>[0][]) {
  const { url, LoadBalancerArn } = await cloud.loadBalancer(name);
  const TargetGroupArn = await cloud.targetGroup(name);
  const listener = await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn });
  const targets = await Promise.all(
    handlers.map((handler) =>
      cloud.target((incoming, response) => {
        if (incoming.headers['user-agent']?.startsWith('ELB-HealthChecker')) response.end();
        else handler(incoming, response);
      }),
    ),
  );
  await cloud.register(TargetGroupArn, ...targets);
  if (targets.length > 0) await cloud.settled(TargetGroupArn, 'healthy');
  return { url, LoadBalancerArn, TargetGroupArn, listener, targets };
}

describe('forwarding', () => {
  test('passes method, path, query, headers and body on, and says where the request came from', async () => {
    const { url } = await inFrontOf('echo', (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method, url: path, headers } = incoming;
        response
          .setHeader('x-own', 'kept')
          .end(JSON.stringify({ method, path, headers, body: Buffer.concat(chunks).toString() }));
      });
    });
    const answer = await fetch(`${url}/orders/7%20a?size=xl`, {
      method: 'PUT',
      headers: { 'x-shop': 'Nine', 'x-forwarded-for': '203.0.113.7' },
      body: 'two shirts',
    });
    expect(answer.headers.get('x-own')).toBe('kept');
    expect(await answer.json()).toMatchObject({
      method: 'PUT',
      path: '/orders/7%20a?size=xl',
      body: 'two shirts',
      headers: {
        'x-shop': 'Nine',
        'x-forwarded-for': '203.0.113.7, 127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': '80',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
    });
    const traced = await fetch(url, { headers: { 'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678' } });
    const { headers } = (await traced.json()) as { headers: Record<string, string> };
    expect(headers['x-amzn-trace-id']).toMatch(/^Self=1-[0-9a-f-]+;Root=1-67891233-abcdef012345678912345678$/);
  });

  test('streams both ways: the answer begins while the request is still being sent', async () => {
    const { url } = await inFrontOf('stream', (incoming, response) => {
      incoming.on('data', (chunk) => response.write(`got ${chunk};`));
      incoming.on('end', () => response.end('all'));
    });
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const sending = request(`${url}/`, { method: 'POST' }, (answer) => {
        answer.on('data', (chunk) => {
          seen.push(String(chunk));
          if (seen.length === 1) sending.end('second');
        });
        answer.on('end', resolve);
      });
      sending.on('error', reject);
      sending.write('first');
    });
    expect(seen[0]).toBe('got first;');
    expect(seen.join('')).toBe('got first;got second;all');
  });

  test('goes round all healthy targets', async () => {
    const say = (name: string) => (_: unknown, response: { end(text: string): void }) => response.end(name);
    const { url } = await inFrontOf('round', say('a'), say('b'), say('c'));
    const answers: string[] = [];
    for (let i = 0; i < 6; i++) answers.push(await (await fetch(url)).text());
    expect(answers.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  test('a header with a name that is none can be dropped', async () => {
    const { url, LoadBalancerArn } = await inFrontOf('drop', (incoming, response) =>
      response.end(String(incoming.headers['x_odd'] ?? 'none')),
    );
    const odd = async () => (await fetch(url, { headers: { x_odd: 'here' } })).text();
    expect(await odd()).toBe('here');
    const Attributes = [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }];
    await cloud.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
    expect(await odd()).toBe('none');
  });
});

describe('what the load balancer answers itself', () => {
  test('503 when the group has no targets', async () => {
    const { url } = await inFrontOf('empty');
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('server')]).toEqual([503, 'awselb/2.0']);
    expect(await answer.text()).toContain('<h1>503 Service Temporarily Unavailable</h1>');
  });

  test('502 when the target closes the connection without an answer', async () => {
    const { url } = await inFrontOf('reset', (incoming) => incoming.socket.destroy());
    const answer = await fetch(url);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('<h1>502 Bad Gateway</h1>');
  });

  test('504 when the target does not answer within the idle timeout', async () => {
    let arrived = () => {};
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await inFrontOf('silent', () => arrived());
    const answer = fetch(url);
    await waiting;
    await cloud.cloud.clock.advance(60_000);
    expect((await answer).status).toBe(504);
    expect(await (await answer).text()).toContain('<h1>504 Gateway Time-out</h1>');
  });

  test('504 when the target’s security group no longer lets the load balancer in', async () => {
    const group = await cloud.targetGroup('closed');
    const { url, LoadBalancerArn } = await cloud.loadBalancer('closed');
    await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn: group });
    const target = await cloud.target((_, response) => response.end('in'));
    await cloud.register(group, target);
    await cloud.settled(group, 'healthy');
    expect((await fetch(url)).status).toBe(200);
    const ports = { IpProtocol: 'tcp', FromPort: 1024, ToPort: 65_535 };
    const rule = { ...ports, UserIdGroupPairs: [{ GroupId: cloud.front }] };
    await cloud.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: cloud.back, IpPermissions: [rule] }));
    const answer = fetch(url);
    // A connection that nobody answers is given up after ten seconds.
    const advanced = setInterval(() => void cloud.cloud.clock.advance(10_000), 50);
    expect((await answer).status).toBe(504);
    clearInterval(advanced);

    await cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: cloud.back, IpPermissions: [rule] }));
  });

  test('nothing where nothing listens, and nothing to whom the security group keeps out', async () => {
    const { url } = await inFrontOf('shut');
    await expect(fetch(`${url}:8443/`)).rejects.toThrow('fetch failed');
    const hidden = await cloud.loadBalancer('hidden', { SecurityGroups: [cloud.back] });
    await cloud.listener(hidden.LoadBalancerArn, {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: '200' },
    });
    await expect(fetch(hidden.url)).rejects.toThrow('fetch failed');
    expect(cloud.lines.join('\n')).toContain(`${cloud.back} of hidden: no rule lets 127.0.0.1 in on port 80`);
  });
});

describe('rules', () => {
  let url: string;
  let listener: string;
  beforeAll(async () => {
    ({ url, listener } = await inFrontOf('rules', (_, response) => response.end('default')));
    const answering = (MessageBody: string) => ({
      Type: 'fixed-response' as const,
      FixedResponseConfig: { StatusCode: '200', ContentType: 'application/json', MessageBody },
    });
    const rules = [
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*', '/v?/x'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com'] } },
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Beta', Values: ['yes*'] } },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['DELETE'] } },
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2' }] } },
    ];
    for (const [i, condition] of rules.entries()) {
      await cloud.elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: i + 1,
          Conditions: [condition],
          Actions: [answering(condition.Field)],
        }),
      );
    }
    await cloud.elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority: 100,
        Conditions: [{ Field: 'path-pattern', Values: ['/old/*'] }],
        Actions: [
          {
            Type: 'redirect',
            RedirectConfig: { StatusCode: 'HTTP_301', Path: '/new/#{path}', Query: 'from=#{query}' },
          },
        ],
      }),
    );
  });

  test.each([
    ['/api/orders', {}, 'path-pattern'],
    ['/v2/x', {}, 'path-pattern'],
    ['/API/orders', {}, 'default'],
    ['/', { headers: { 'x-beta': 'YES-please' } }, 'http-header'],
    ['/', { method: 'DELETE' }, 'http-request-method'],
    ['/?a=1&v=2', {}, 'query-string'],
    ['/?v=3', {}, 'default'],
  ])('%s %o: %s', async (path, init, expected) => {
    expect(await (await fetch(url + path, init)).text()).toBe(expected);
  });

  test('a host header decides too', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      request(`${url}/`, { headers: { host: 'Shop.Example.com' } }, (answer) => {
        answer.setEncoding('utf8').on('data', resolve);
      })
        .on('error', reject)
        .end();
    });
    expect(text).toBe('host-header');
  });

  test('a redirect leads to another path of the same load balancer', async () => {
    const answer = await fetch(`${url}/old/cart?x=1`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, `${url}:80/new/old/cart?from=x=1`]);
    expect(await (await fetch(`${url}/old/cart?x=1`)).text()).toBe('default');
  });

  test('a fixed response has its content type', async () => {
    const answer = await fetch(`${url}/api/x`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

test('a target that is taken out ends its requests first, and gets no others', async () => {
  let finish = () => {};
  let arrived = () => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { url, TargetGroupArn, targets } = await inFrontOf('drain', (_, response) => {
    finish = () => response.end('done');
    arrived();
  });
  const answer = fetch(url);
  await waiting;
  await cloud.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: targets }));
  expect(await cloud.health(TargetGroupArn)).toEqual([
    {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    },
  ]);
  expect((await fetch(url)).status).toBe(503);
  finish();
  expect(await (await answer).text()).toBe('done');
  await expect.poll(() => cloud.health(TargetGroupArn)).toEqual([]);
});
