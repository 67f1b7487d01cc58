import { XmlCodec } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceModel } from './model.ts';

const codecs = new WeakMap<ServiceModel, XmlCodec>();

/** The XML codec of a service's SDK client: its namespace on the root element, timestamps as ISO 8601 (5). */
export function xmlCodec(model: ServiceModel): XmlCodec {
  let codec = codecs.get(model);
  if (!codec) {
    codec = new XmlCodec({
      xmlNamespace: model.service.xmlNamespace ?? '',
      serviceNamespace: model.namespace,
      timestampFormat: { default: 5, useTrait: true },
    });
    codecs.set(model, codec);
  }
  return codec;
}

/** A structure's XML document, root element named by the schema. */
export function toXml(model: ServiceModel, schema: NormalizedSchema, value: unknown): string {
  const serializer = xmlCodec(model).createSerializer();
  serializer.write(schema, value);
  return serializer.flush().toString();
}

/** The children of a document's root element, as text. */
export function innerXml(document: string): string {
  const open = document.indexOf('>');
  const close = document.lastIndexOf('</');
  return close > open ? document.slice(open + 1, close) : '';
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** `<name>text</name>` for each plain member of an error; structures have no place in AWS's XML errors. */
export function plainElements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
}
