import { once } from 'node:events';
import { PassThrough } from 'node:stream';

/** What ended a streamed response before its time. */
export interface StreamError {
  readonly errorType: string;
  /** The error object, JSON. */
  readonly payload: Buffer;
}

/** A response as the runtime sends it. */
export interface ResponseStream {
  readonly contentType: string | undefined;
  readonly chunks: AsyncIterable<Buffer>;
  /** Known when the chunks have ended. */
  readonly error: StreamError | undefined;
}

export interface ResponseStreamWriter extends ResponseStream {
  /** Resolves when the reader is ready for more, or gone: a function goes on when its caller has left. */
  write(chunk: Buffer): Promise<void>;
  /** Ends it, once. */
  end(error?: StreamError): void;
}

export function createResponseStream(contentType: string | undefined): ResponseStreamWriter {
  const body = new PassThrough();
  const gone = once(body, 'close');
  let error: StreamError | undefined;
  return {
    contentType,
    chunks: body,
    get error() {
      return error;
    },
    async write(chunk) {
      if (body.destroyed || body.writableEnded || body.write(chunk)) return;
      await Promise.race([once(body, 'drain'), gone]);
    },
    end(reason) {
      if (body.writableEnded) return;
      error = reason;
      body.end();
    },
  };
}
