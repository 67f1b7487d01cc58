import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as timePasses } from 'node:timers/promises';

export interface FloodOrder {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly perSecond: number;
}

export interface FloodCount {
  /** From the first request to the last. */
  readonly seconds: number;
  readonly sent: number;
  /** How many were answered with each status; 0 stands for none. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** More are not under way at once: whoever answers none is not asked without end. */
const underWayAtMost = 64;
const tickMs = 10;

const [order] = (await once(process, 'message')) as [FloodOrder];
let isOver = false;
process.once('message', () => {
  isOver = true;
});
const { request, Agent } = order.url.startsWith('https:') ? https : http;
const agent = new Agent({ keepAlive: true, maxSockets: underWayAtMost });
const statuses: Record<number, number> = {};
let sent = 0;
let underWay = 0;

function answered(status: number): void {
  underWay -= 1;
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (sent === 1) process.send?.('answered');
}

function send(): void {
  sent += 1;
  underWay += 1;
  const outgoing = request(order.url, { method: order.method, headers: order.headers, agent }, (response) => {
    response.resume().on('end', () => answered(response.statusCode ?? 0));
  });
  outgoing.on('error', () => answered(0));
  outgoing.end(order.body);
}

send();
while (underWay > 0) await timePasses(1);
const began = performance.now();
let due = 0;
while (!isOver) {
  await timePasses(tickMs);
  const now = ((performance.now() - began) / 1000) * order.perSecond;
  for (; due < now; due += 1) if (underWay < underWayAtMost) send();
}
const seconds = (performance.now() - began) / 1000;
while (underWay > 0) await timePasses(1);
process.send?.({ seconds, sent, statuses } satisfies FloodCount);
process.disconnect();
agent.destroy();
