import type { Translate } from '../i18n';
import type { Content } from './tables';

/** A message in one language, as every kind of channel sends it. */
export interface Message {
  id: number;
  event: string;
  stage: string;
  /** The company, so that whoever looks after several knows which. */
  from: string;
  subject: string;
  text: string;
  link: string | null;
}

interface MessageContext {
  id: number;
  t: Translate;
  from: string;
  /** Address of this server without its path; undefined when people use none that is known here. */
  baseUrl: string | undefined;
}

export function messageOf(content: Content, { id, t, from, baseUrl }: MessageContext): Message {
  const { event, stage, names, href } = content;
  const values = {
    ...content.values,
    ...Object.fromEntries(Object.entries(names).map(([name, key]) => [name, t(key)])),
  };
  const title = t(`notifications:event.${event}.title`, values);
  return {
    id,
    event,
    stage,
    from,
    subject: t(`notifications:stage.${stage}`, { from, title }),
    text: t(stage === 'resolved' ? 'notifications:resolved' : `notifications:event.${event}.text`, values),
    link: href === null || baseUrl === undefined ? null : `${baseUrl.replace(/\/$/, '')}${href}`,
  };
}
