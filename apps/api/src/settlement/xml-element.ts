/** An element of a small piece of XML that is held in memory. */
export interface XmlElement {
  /** Local name, without a namespace prefix. */
  name: string;
  attributes: Record<string, string>;
  /** Text of the element itself, untrimmed; "" when it has none. */
  text: string;
  children: XmlElement[];
  /** Number of the text line on which its start tag ends, from 1. */
  line: number;
}

/** The first element at the end of `path`, child by child; undefined when there is none. */
export function find(element: XmlElement, ...path: string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at;
}

/** Every child of that name. */
export function findAll(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The trimmed text at the end of `path`; null when the element is missing or empty. */
export function textAt(element: XmlElement, ...path: string[]): string | null {
  return find(element, ...path)?.text.trim() || null;
}
