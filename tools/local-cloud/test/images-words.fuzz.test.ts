import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../src/images/dockerfile.ts';
import { expandWord } from '../src/images/expand-word.ts';
import { readImageReference } from '../src/images/image-reference.ts';
import { ImageError } from '../src/images/oci.ts';

const text = fc.string({ unit: 'grapheme' });
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/);

describe('words of a Dockerfile', () => {
  it('leave single-quoted text as it is', () => {
    fc.assert(
      fc.property(text, (any) => {
        const plain = any.replaceAll("'", '');
        expect(expandWord(`'${plain}'`, { A: 'x' })).toBe(plain);
      }),
    );
  });

  it('give back double-quoted text once its special characters are escaped', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(expandWord(`"${plain.replace(/["\\$]/g, '\\$&')}"`, {})).toBe(plain);
      }),
    );
  });

  it('take a value as it is, whatever characters it has', () => {
    fc.assert(
      fc.property(name, text, (variable, value) => {
        expect(expandWord(`\${${variable}}`, { [variable]: value })).toBe(value);
        expect(expandWord(`"$${variable}"`, { [variable]: value })).toBe(value);
      }),
    );
  });
});

describe('Dockerfiles', () => {
  it('are read or refused with an ImageError, never anything else', () => {
    const line = fc
      .tuple(fc.constantFrom('FROM', 'COPY', 'ENV', 'ARG', 'CMD', 'RUN', '#', ''), text)
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          parseDockerfile(lines.join('\n'), 'Dockerfile');
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      }),
    );
  });
});

describe('image names', () => {
  it('come apart into host, repository and tag, and back', () => {
    const host = fc.constantFrom('localhost', 'registry.example:5000', '000000000000.dkr.ecr.us-east-1.amazonaws.com');
    const repository = fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9]{1,8}){0,2}$/);
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
    fc.assert(
      fc.property(host, repository, tag, (registry, path, reference) => {
        const read = readImageReference(`${registry}/${path}:${reference}`);
        expect(read).toMatchObject({ host: registry, repository: path, reference });
        expect(read.name).toBe(`${registry}/${path}:${reference}`);
      }),
    );
  });
});
