import { cborProtocol, jsonProtocol } from '../protocols/json.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { ec2QueryProtocol, queryProtocol } from '../protocols/query.ts';
import { restJsonProtocol, restXmlProtocol } from '../protocols/rest.ts';
import type { RawRequest, Service } from '../service.ts';

/**
 * Which wire protocol a request speaks. A service may be addressed in several (SQS in query or JSON, Kinesis in JSON or
 * CBOR), so the request decides; only REST is known from the service alone.
 */
export function protocolOf(request: RawRequest, service: Service | undefined): Protocol {
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.includes('cbor') || request.headers['smithy-protocol'] === 'rpc-v2-cbor') return cborProtocol;
  if (request.headers['x-amz-target']) return jsonProtocol;
  if (service?.ec2Query) return ec2QueryProtocol;
  if (service?.rest === 'json') return restJsonProtocol;
  if (service?.rest === 'xml') return restXmlProtocol;
  if (contentType.startsWith('application/x-www-form-urlencoded') || request.query.has('Action')) return queryProtocol;
  return contentType.includes('json') ? jsonProtocol : restXmlProtocol;
}
