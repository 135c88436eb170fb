import { BlockList, isIP, isIPv4 } from 'node:net';
import { type Refusal, refusal } from '../core/refusal.ts';

/** Why an address is refused; the console has a sentence for each. */
export type UrlFault = 'not_a_url' | 'not_https' | 'credentials' | 'private_address';

export interface UrlRules {
  /** Whether receivers on this very machine are allowed, over plain http too: for demos and tests only. */
  allowLocal: boolean;
}

/**
 * Whether messages may be sent to `url`, as far as its text tells: https, no credentials in it, and no address of a private
 * network. Where its name leads is judged at each connection (`mayConnect`), because names change.
 */
export function decideUrl(url: string, rules: UrlRules): Refusal | null {
  const fault = faultOf(url, rules);
  return fault && refusal('url_refused', { why: fault });
}

function faultOf(text: string, rules: UrlRules): UrlFault | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return 'not_a_url';
  if (url.username || url.password) return 'credentials';
  const host = hostOf(url);
  if (url.protocol !== 'https:' && !(rules.allowLocal && isLoopbackName(host))) return 'not_https';
  if (isLoopbackName(host) && !rules.allowLocal) return 'private_address';
  return isIP(host) && !mayConnect(host, host, rules) ? 'private_address' : null;
}

/** The host of a parsed URL as the resolver and `isIP` take it: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether a connection for the host named `host` may go to `address`, which its name was resolved to. */
export function mayConnect(host: string, address: string, { allowLocal }: UrlRules): boolean {
  // A public name that leads to this machine is an attack also where local receivers are allowed.
  return isPublicAddress(address) || (allowLocal && isLoopbackName(host) && isLoopback(address));
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}

function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : address === '::1';
}

/** IPv4 that is no public host's: IANA's special-purpose registry, multicast and what is reserved. */
const SPECIAL_V4 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  SPECIAL_V4.addSubnet(net, bits, 'ipv4');
}

/** Of IPv6 only global unicast is public, but for what carries an IPv4 address inside, protocols and documentation. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');
const SPECIAL_V6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL_V6.addSubnet(net, bits, 'ipv6');
}

/** Whether an IP address is a public host's: not private, loopback, link-local (cloud metadata), shared, multicast or reserved. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL_V4.check(address, 'ipv4');
    case 6:
      return GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6');
    default:
      return false;
  }
}
