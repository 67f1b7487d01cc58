/** Path below the endpoint under which load balancers are reached. */
export const loadBalancerPath = '/load-balancer/';
