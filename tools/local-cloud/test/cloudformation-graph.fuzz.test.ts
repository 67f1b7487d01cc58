import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Graph, inOrder, reversed } from '../src/cloudformation/graph.ts';
import { runGraph } from '../src/cloudformation/run-graph.ts';

/** Each node may wait for nodes of lower number: there is no circle; the nodes come in any order. */
const acyclic: fc.Arbitrary<Graph> = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .chain((needs) => {
    const entries = needs.map((needed, index) => {
      const names = index === 0 ? [] : needed.map((number) => `n${number % index}`);
      return [`n${index}`, [...new Set(names)]] as const;
    });
    return fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length });
  })
  .map((entries) => new Map(entries));

it('every node comes after those it waits for', () => {
  fc.assert(
    fc.property(acyclic, (graph) => {
      const order = [...inOrder(graph).keys()];
      expect(new Set(order)).toEqual(new Set(graph.keys()));
      for (const [node, needed] of graph) {
        for (const name of needed) expect(order.indexOf(name)).toBeLessThan(order.indexOf(node));
      }
    }),
  );
});

it('turned round twice, a graph has the edges it had', () => {
  fc.assert(
    fc.property(acyclic, (graph) => {
      const twice = reversed(reversed(graph));
      for (const [node, needed] of graph) expect(new Set(twice.get(node))).toEqual(new Set(needed));
    }),
  );
});

it('no task starts before those it waits for have ended, and none that waits for a failed one', async () => {
  await fc.assert(
    fc.asyncProperty(acyclic, fc.nat(29), async (graph, unlucky) => {
      const [done, failing] = [new Set<string>(), `n${unlucky % graph.size}`];
      const failed = await runGraph(
        inOrder(graph),
        async (node) => {
          for (const needed of graph.get(node) ?? []) expect(done).toContain(needed);
          await new Promise((resolve) => setImmediate(resolve));
          if (node === failing) throw new Error('unlucky');
          done.add(node);
        },
        { stopOnFailure: false },
      );
      expect(failed).toEqual([failing]);
    }),
  );
});

it('a circle is never taken for an order', () => {
  fc.assert(
    fc.property(acyclic, fc.nat(29), (graph, start) => {
      const node = `n${start % graph.size}`;
      const circular = new Map(graph).set(node, [...(graph.get(node) ?? []), node]);
      expect(() => inOrder(circular)).toThrow(/Circular dependency between resources: \[.*\bn\d+/);
    }),
  );
});
