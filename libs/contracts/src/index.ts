export type { Contract, ContractParameter, ContractValues } from './contract.ts';
export { defineContract, parameterName, parameterPrefix } from './contract.ts';
export { egressPartner } from './egress-partner.ts';
export { ContractError, type ContractErrorCode } from './errors.ts';
export { needsTag, parseNeeds } from './needs.ts';
export { observabilityCore, observabilityOverflow } from './observability-core.ts';
