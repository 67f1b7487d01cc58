import { cp } from 'node:fs/promises';
import { bundle } from '@stackyard/build';

// dist is the context the image is built from.
await bundle({ entries: { main: 'src/main.ts' }, outdir: 'dist' });
await cp('image/Dockerfile', 'dist/Dockerfile');
