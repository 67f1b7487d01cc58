import { chmod, cp, mkdir, rm } from 'node:fs/promises';
import { bundle } from '@stackyard/build';

// dist/layer is the content of /opt: the launcher that Lambda starts, and what it starts. dist/image is the same as an image.
const launcher = 'dist/layer/extensions/telemetry';

await rm('dist', { recursive: true, force: true });
await bundle({ entries: { index: 'src/extension/main.ts' }, outdir: 'dist/layer/telemetry' });
await mkdir('dist/layer/extensions');
await cp('image/telemetry.sh', launcher);
await chmod(launcher, 0o755);
await cp('dist/layer', 'dist/image/layer', { recursive: true });
await cp('image/Dockerfile', 'dist/image/Dockerfile');
