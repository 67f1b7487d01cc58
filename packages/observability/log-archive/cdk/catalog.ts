import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** A column for each member of a record ("Log record, version 1"), named as Athena names columns: in lower case. */
const columns = {
  v: 'int',
  time: 'string',
  level: 'string',
  message: 'string',
  source: 'string',
  requestid: 'string',
  traceid: 'string',
  attributes: 'string',
  function: 'string',
  service: 'string',
  version: 'string',
  environment: 'string',
  sequence: 'bigint',
  part: 'struct<number:int,count:int,of:string>',
  logevent: 'struct<id:string,loggroup:string,logstream:string,owner:string>',
};

/** The first day there can be records of. */
const firstDay = '2026-01-01';

/**
 * The archive as a table of the data catalog, where Athena finds it. Partitions are projected from the query, so that nothing has to
 * register them ("Use partition projection with Amazon Athena", Amazon Athena User Guide).
 */
export function addTable(scope: Construct, databaseName: string, bucket: IBucket): CfnTable {
  const catalogId = Stack.of(scope).account;
  const database = new CfnDatabase(scope, 'Catalog', {
    catalogId,
    databaseInput: { name: databaseName, description: 'Records of the log stream' },
  });
  const location = bucket.s3UrlForObject('records/');
  return new CfnTable(scope, 'Table', {
    catalogId,
    databaseName: database.ref,
    tableInput: {
      name: 'logs',
      description: 'Records by the hour in which they arrived, in UTC',
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [
        { name: 'date', type: 'string' },
        { name: 'hour', type: 'string' },
      ],
      parameters: {
        EXTERNAL: 'TRUE',
        'projection.enabled': 'true',
        'projection.date.type': 'date',
        'projection.date.format': 'yyyy-MM-dd',
        'projection.date.range': `${firstDay},NOW`,
        'projection.hour.type': 'integer',
        'projection.hour.range': '0,23',
        'projection.hour.digits': '2',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own placeholders.
        'storage.location.template': `${location}${'date=${date}/hour=${hour}/'}`,
      },
      storageDescriptor: {
        location,
        columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
        compressed: true,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
      },
    },
  });
}
