import type { Service } from '../../service.ts';
import { associateWebAcl, disassociateWebAcl, getWebAclForResource, listResourcesForWebAcl } from './associations.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { createWebAcl, deleteWebAcl, getWebAcl, listWebAcls, updateWebAcl } from './web-acls.ts';

/** AWS WAF before stages of REST APIs: rate-based rules and comparisons of parts of a request. */
export const wafv2: Service = {
  name: 'wafv2',
  model: () => import('@aws-sdk/client-wafv2'),
  operations: {
    AssociateWebACL: associateWebAcl,
    CreateWebACL: createWebAcl,
    DeleteWebACL: deleteWebAcl,
    DisassociateWebACL: disassociateWebAcl,
    GetWebACL: getWebAcl,
    GetWebACLForResource: getWebAclForResource,
    ListResourcesForWebACL: listResourcesForWebAcl,
    ListTagsForResource: listTagsForResource,
    ListWebACLs: listWebAcls,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateWebACL: updateWebAcl,
  },
};
