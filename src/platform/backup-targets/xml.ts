import { SaxParser } from '@cj-tech-master/excelts/xml';

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  text: string;
  children: XmlElement[];
}

/** A short document as a tree; attributes and name spaces do not matter here. Throws on what is not XML. */
export function parseXml(source: string): XmlElement {
  const parser = new SaxParser({ position: false, maxEntityExpansions: 0 });
  const root: XmlElement = { name: '', text: '', children: [] };
  const path = [root];
  let failure: Error | undefined;
  parser.on('error', (error) => (failure ??= error));
  parser.on('opentag', ({ name }) => {
    const element: XmlElement = { name: name.slice(name.indexOf(':') + 1), text: '', children: [] };
    path.at(-1)?.children.push(element);
    path.push(element);
  });
  const add = (text: string): void => {
    const here = path.at(-1);
    if (here) here.text += text;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => path.pop());
  parser.write(source);
  parser.close();
  if (failure) throw failure;
  return root;
}

/** All elements of this name, at any depth. */
export function elements(within: XmlElement, name: string): XmlElement[] {
  return within.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elements(child, name)]);
}

export const textOf = (within: XmlElement, name: string): string => elements(within, name)[0]?.text.trim() ?? '';

export const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'));
