import { bundle } from '@stackyard/build';

await bundle({
  entries: { handler: 'src/handler.ts', consumer: 'src/consumer.ts', initialise: 'src/initialise.ts' },
  outdir: 'dist',
});
