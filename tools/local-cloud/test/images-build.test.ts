import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDocker } from '../src/images/docker-commands.ts';
import { type ImageStore, openImageStore } from '../src/images/image-store.ts';
import { applyLayer } from '../src/images/layers.ts';

let folder: string;
let store: ImageStore;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-test-'));
  store = openImageStore(join(folder, 'store'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, 'context', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const docker = (...argv: string[]) =>
  runDocker(argv, store, {
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    input: async () => '',
    cwd: join(folder, 'context'),
  });

/** Builds what was written and unpacks it. */
async function build(dockerfile: string, ...options: string[]) {
  write({ Dockerfile: dockerfile });
  const code = await docker('build', ...options, '--tag', 'test', '.');
  expect(lines.join('\n')).toContain('built test');
  expect(code).toBe(0);
  const image = await store.image('test');
  const root = mkdtempSync(join(folder, 'root-'));
  for (const { digest } of image.manifest.layers) await applyLayer(root, await store.readBlob(digest));
  return { ...image, root, read: (path: string) => readFileSync(join(root, path), 'utf8') };
}

/** Builds what must fail and answers the error line. */
async function failure(dockerfile: string, ...options: string[]): Promise<string | undefined> {
  write({ Dockerfile: dockerfile });
  expect(await docker('build', ...options, '--tag', 'test', '.')).toBe(1);
  return lines.at(-1);
}

describe('COPY', () => {
  it('puts the contents of a folder into the destination', async () => {
    write({ 'layer/extensions/telemetry': '#!/bin/sh', 'layer/telemetry/index.mjs': 'code' });
    const { read } = await build('FROM scratch\nCOPY layer/ /opt/\n');
    expect(read('opt/extensions/telemetry')).toBe('#!/bin/sh');
    expect(read('opt/telemetry/index.mjs')).toBe('code');
  });

  it('names a file, or puts it into a folder', async () => {
    write({ 'a.txt': 'a' });
    const { read } = await build(
      'FROM scratch\nWORKDIR /app\nCOPY a.txt b.txt\nCOPY a.txt sub/\nCOPY a.txt /app\nCOPY ["a.txt", "/with space/c"]\n',
    );
    for (const file of ['app/b.txt', 'app/sub/a.txt', 'app/a.txt', 'with space/c']) expect(read(file)).toBe('a');
  });

  it('matches patterns, dot files included', async () => {
    write({ 'dist/index.js': '1', 'dist/.hidden': '2', 'dist/index.js.map': '3', 'dist/nested/deep.js': '4' });
    const { read } = await build('FROM scratch\nCOPY dist/* ./all/\nCOPY dist/*.js dist/?hidden some/\n');
    expect([read('all/index.js'), read('all/.hidden'), read('all/deep.js')]).toEqual(['1', '2', '4']);
    expect([read('some/index.js'), read('some/.hidden')]).toEqual(['1', '2']);
    expect(() => read('some/index.js.map')).toThrow();
  });

  it('keeps modes and links, and sets the mode that --chmod says', async () => {
    write({ 'bin/run': '#!/bin/sh', 'bin/data': 'x' });
    chmodSync(join(folder, 'context/bin/run'), 0o755);
    chmodSync(join(folder, 'context/bin/data'), 0o640);
    symlinkSync('run', join(folder, 'context/bin/link'));
    const { root } = await build('FROM scratch\nCOPY bin/ /kept/\nCOPY --chmod=755 bin/data /changed/\n');
    const mode = (path: string) => (statSync(join(root, path)).mode & 0o777).toString(8);
    expect([mode('kept/run'), mode('kept/data'), mode('changed/data')]).toEqual(['755', '640', '755']);
    expect(lstatSync(join(root, 'kept/link')).isSymbolicLink()).toBe(true);
  });

  it('copies from another stage, which need not be built otherwise', async () => {
    write({ 'a.txt': 'a' });
    const { read, root } = await build(
      'FROM scratch AS unused\nRUN make\nFROM scratch AS files\nCOPY a.txt /x/a.txt\nFROM scratch\nCOPY --from=files ./x/ /y/\n',
    );
    expect(read('y/a.txt')).toBe('a');
    expect(() => statSync(join(root, 'x'))).toThrow();
  });

  it.each([
    ['COPY missing /', "'missing' is not there"],
    ['COPY ../outside /', "'../outside' is outside of the build context"],
    ['COPY a.txt b.txt /folder', "several files go to '/folder'"],
    ['COPY --chown=node a.txt /', 'COPY --chown is not supported'],
    ['COPY --chmod=u+x a.txt /', 'only octal modes'],
    ['COPY <<EOF /x\nhello\nEOF', 'here-documents are not supported'],
    ['ADD https://example.com/x /', 'only plain local files'],
  ])('refuses %s', async (line, reason) => {
    write({ 'a.txt': 'a', 'b.txt': 'b' });
    const error = await failure(`FROM scratch\n${line}\n`);
    expect(error).toContain('Dockerfile:2: ');
    expect(error).toContain(reason);
  });

  it('refuses a link that leads out of the context', async () => {
    write({ 'a.txt': 'a' });
    symlinkSync('/etc', join(folder, 'context/escape'));
    expect(await failure('FROM scratch\nCOPY escape/hostname /\n')).toContain('leads out of the build context');
  });
});

describe('configuration', () => {
  it('starts from the base image and takes what the instructions say', async () => {
    const { config } = await build(
      `FROM public.ecr.aws/lambda/nodejs:24
ENV STAGE="the test" LEVEL=info
ENV OLD a form
LABEL team="blue"
EXPOSE 8080 53/udp
USER 1000
WORKDIR sub
HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f localhost || exit 1
CMD ["index.handler"]
`,
      '--platform',
      'linux/arm64',
    );
    expect(config.architecture).toBe('arm64');
    expect(config.config).toMatchObject({
      Entrypoint: ['/lambda-entrypoint.sh'],
      Cmd: ['index.handler'],
      WorkingDir: '/var/task/sub',
      User: '1000',
      Labels: { team: 'blue' },
      ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
      Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost || exit 1'], Interval: 90_000_000_000, Retries: 3 },
    });
    expect(config.config.Env).toEqual(
      expect.arrayContaining(['LAMBDA_TASK_ROOT=/var/task', 'STAGE=the test', 'LEVEL=info', 'OLD=a form']),
    );
  });

  it('reads the shell form as a command of /bin/sh', async () => {
    const { config } = await build('FROM scratch\nCMD node index.js --flag\n');
    expect(config.config.Cmd).toEqual(['/bin/sh', '-c', 'node index.js --flag']);
  });

  it('lets an ENTRYPOINT take the CMD of the base away, not one of its own', async () => {
    const { config } = await build('FROM node:24-slim\nENTRYPOINT ["/run"]\n');
    expect(config.config).toMatchObject({ Entrypoint: ['/run'] });
    expect(config.config.Cmd).toBeUndefined();
    const own = await build('FROM node:24-slim\nCMD ["a"]\nENTRYPOINT ["/run"]\n');
    expect(own.config.config.Cmd).toEqual(['a']);
  });
});

describe('variables', () => {
  it('replaces build arguments, their defaults and the environment', async () => {
    write({ 'dist/index.js': 'x' });
    const { config, read } = await build(
      `ARG VERSION=24
FROM public.ecr.aws/lambda/nodejs:\${VERSION}
ARG FOLDER=nowhere
ARG VERSION
ENV TARGET=\${LAMBDA_TASK_ROOT} V=$VERSION MISSING=\${NOPE:-default} RAW='$VERSION'
COPY $FOLDER/index.js \${TARGET}/main.js
`,
      '--build-arg',
      'FOLDER=dist',
    );
    expect(read('var/task/main.js')).toBe('x');
    expect(config.config.Env).toEqual(
      expect.arrayContaining(['TARGET=/var/task', 'V=24', 'MISSING=default', 'RAW=$VERSION']),
    );
  });

  it('warns of a build argument nobody declares', async () => {
    await build('FROM scratch\n', '--build-arg', 'TYPO=1');
    expect(lines.join('\n')).toContain('without an ARG of that name: TYPO');
  });
});

describe('stages', () => {
  it('builds the target asked for', async () => {
    write({ a: 'a', b: 'b' });
    const { read, root } = await build(
      'FROM scratch AS one\nCOPY a /a\nFROM one AS two\nCOPY b /b\n',
      '--target',
      'one',
    );
    expect(read('a')).toBe('a');
    expect(() => statSync(join(root, 'b'))).toThrow();
  });

  it('names the stages when there is no such target', async () => {
    expect(await failure('FROM scratch AS one\n', '--target', 'two')).toContain(
      "no stage 'two' to build; its stages: one",
    );
  });
});

describe('what cannot be built', () => {
  it('refuses RUN, naming the line and the way out', async () => {
    const error = await failure('FROM node:24-slim\nWORKDIR /app\nRUN npm ci\n');
    expect(error).toContain('Dockerfile:3: RUN needs a container');
    expect(error).toContain('COPY its result');
  });

  it.each([
    ['FROM ubuntu:24.04', 'does not know this base image'],
    ['FROM public.ecr.aws/awsguru/aws-lambda-adapter:latest', 'does not know this base image'],
    ['FROM scratch\nONBUILD COPY a b', 'ONBUILD is not supported'],
    ['COPY a b', 'COPY before the first FROM'],
    ['# nothing', 'it has no FROM'],
  ])('refuses %s', async (dockerfile, reason) => {
    expect(await failure(dockerfile)).toContain(reason);
  });

  it('says which Dockerfile it cannot read, and which options it does not know', async () => {
    expect(await failure('FROM scratch', '--file', 'other.Dockerfile')).toContain('other.Dockerfile cannot be read');
    expect(await failure('FROM scratch', '--squash')).toContain("Unknown option '--squash'");
    expect(await failure('FROM scratch', '--platform', 'windows/amd64')).toContain('linux/amd64 and linux/arm64');
  });
});

describe('images', () => {
  it('come out the same, byte for byte, from the same files', async () => {
    write({ 'dist/b.js': 'b', 'dist/a.js': 'a' });
    const first = await build('FROM scratch\nCOPY dist/ /app/\n');
    write({ 'dist/a.js': 'a' });
    const second = await build('FROM scratch\nCOPY dist/ /app/\n');
    expect(second.digest).toBe(first.digest);
  });

  it('build upon images built before', async () => {
    write({ 'a.txt': 'a' });
    await build('FROM node:24-slim\nENV BASE=1\nCOPY a.txt /a.txt\n');
    await docker('tag', 'test', 'my-base:one');
    const { read, config } = await build('FROM my-base:one\nCOPY a.txt /b.txt\n');
    expect([read('a.txt'), read('b.txt')]).toEqual(['a', 'a']);
    expect(config.config.Env).toContain('BASE=1');
  });

  it('are found by inspect and by their tag, and not before they are built', async () => {
    expect(await docker('inspect', 'test')).toBe(1);
    await build('FROM scratch\nCMD ["x"]\n');
    lines = [];
    expect(await docker('inspect', 'test')).toBe(0);
    expect(JSON.parse(lines.join('\n'))).toMatchObject([{ Config: { Cmd: ['x'] } }]);

    await docker('tag', 'test', 'registry.example/team/app:abc');
    lines = [];
    await docker('images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=*/*:abc');
    expect(lines).toEqual(['registry.example/team/app:abc']);
  });
});

describe('layers of other builders', () => {
  it('delete what their whiteouts name', async () => {
    const { create } = await import('tar');
    const layer = (name: string, files: Record<string, string>) => {
      const source = join(folder, name);
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(source, file)), { recursive: true });
        writeFileSync(join(source, file), content);
      }
      create({ cwd: source, file: `${source}.tar`, sync: true }, ['.']);
      return readFileSync(`${source}.tar`);
    };
    const root = mkdtempSync(join(folder, 'root-'));
    await applyLayer(root, layer('one', { 'keep/a': '1', 'keep/b': '1', 'clear/a': '1' }));
    await applyLayer(root, layer('two', { 'keep/.wh.b': '', 'clear/.wh..wh..opq': '', 'clear/c': '2' }));
    expect(readFileSync(join(root, 'keep/a'), 'utf8')).toBe('1');
    for (const gone of ['keep/b', 'clear/a', 'keep/.wh.b']) expect(() => statSync(join(root, gone))).toThrow();
    expect(readFileSync(join(root, 'clear/c'), 'utf8')).toBe('2');
  });
});
