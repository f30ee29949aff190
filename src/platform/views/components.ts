/**
 * Models of the components under views/components, so that page builders (*.page.ts) are checked by the compiler.
 * A component is included as `include('/components/<name>', { model })`; docs/style-page.md shows each.
 */
import type { IconName } from './icon-names';

/** Colour of a state; see ./states for which state has which. */
export type Tone = 'ok' | 'hold' | 'way' | 'gone' | 'bad' | 'demo' | 'repair';

export interface Link {
  href: string;
  label: string;
}

/** components/status-label: colour and word; a dot in lists, an icon in page heads and checks. */
export interface StatusLabel {
  tone: Tone;
  text: string;
  icon?: IconName;
}

/** One button of a page head, batch bar or empty state. A `post` action is a form with the CSRF token. */
export interface Action {
  label: string;
  href: string;
  icon?: IconName;
  /** `primary` at most once a page. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  method?: 'get' | 'post';
  /** The address is a confirm page: with script it opens as a dialog instead. */
  confirm?: boolean;
  wideOnly?: boolean;
  /** Reason why it cannot be done now; the button is shown disabled with this as its title. */
  disabled?: string;
  fields?: Record<string, string | number>;
}

/** components/page-head */
export interface PageHead {
  title: string;
  crumbs?: Link[];
  state?: StatusLabel;
  /** One sentence: party, place. */
  say?: string;
  actions?: Action[];
}

/** components/message: what is, then what to do. */
export interface Message {
  tone: 'ok' | 'bad' | 'hold' | 'way';
  title: string;
  text?: string;
  items?: string[];
  link?: Link;
}

/** components/form-errors: nothing is shown when `errors` is empty. `field` is the name of a field on the page. */
export interface FormErrors {
  errors: { field?: string; label?: string; message: string }[];
}

export interface Option {
  value: string | number;
  label: string;
  disabled?: boolean;
}

export interface OptionGroup {
  label: string;
  options: Option[];
}

/** components/field. Money values are text in yuan ('1234.50'), as typed; dates `YYYY-MM-DD`. */
export interface Field {
  name: string;
  /** Where a page has several fields of one name. */
  id?: string;
  label: string;
  type?:
    | 'text'
    | 'password'
    | 'email'
    | 'tel'
    | 'url'
    | 'search'
    | 'number'
    | 'money'
    | 'date'
    | 'datetime-local'
    | 'time'
    | 'month'
    | 'select'
    | 'radio'
    | 'textarea'
    | 'checkbox'
    | 'file';
  value?: string | number | null;
  /** For a checkbox. */
  checked?: boolean;
  options?: (Option | OptionGroup)[];
  /** First, empty choice of a select; false for none. */
  choose?: string | false;
  hint?: string;
  error?: string;
  required?: boolean;
  /** Write 选填 behind the label. */
  optional?: boolean;
  placeholder?: string;
  autocomplete?: string;
  inputmode?: string;
  min?: string | number;
  max?: string | number;
  step?: string | number;
  maxlength?: number;
  pattern?: string;
  rows?: number;
  accept?: string;
  multiple?: boolean;
  readonly?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  /** Takes the whole line of a two-column form. */
  wide?: boolean;
  before?: string;
  after?: string;
  /** A link at the right of the label, e.g. 忘记密码. */
  aside?: Link;
  /** Show how many lines were pasted. */
  countLines?: boolean;
}

/** components/step-bar: three to six steps. */
export interface StepBar {
  steps: { label: string; fact?: string; state: 'done' | 'now' | 'later' }[];
}

/** components/key-figures: two to five cells. `figure` is formatted text, `small` its decimals or unit. */
export interface KeyFigures {
  label: string;
  cells: {
    label: string;
    figure?: string;
    small?: string;
    imei?: string;
    href?: string;
    note?: string;
    change?: { direction: 'up' | 'down'; text: string; good: boolean };
  }[];
}

/** components/facts; with `money` values stand at the right. */
export interface Facts {
  money?: boolean;
  facts: {
    label: string;
    value?: string;
    href?: string;
    sub?: string;
    imei?: string;
    strong?: boolean;
    muted?: boolean;
    tone?: Tone;
    state?: StatusLabel;
    meter?: { value: number; max: number; label: string };
  }[];
}

/** components/related-documents */
export interface RelatedDocuments {
  documents: { number: string; href?: string; icon: IconName; say: string; state?: StatusLabel }[];
}

/** components/timeline: newest first. `at` is formatted text. */
export interface Timeline {
  entries: { who?: string; what: string; at: string; href?: string; now?: boolean }[];
}

/** components/life: the life of a device, newest first. Leave `amount` out for readers without the right. */
export interface Life {
  entries: {
    icon: IconName;
    tone: Tone;
    at: string;
    what: string;
    document?: Link;
    say?: string;
    imei?: string;
    amount?: string;
  }[];
}

/** components/imei: grouped, with a button that copies the plain digits. `wrongAt` marks one digit (0-based). */
export interface Imei {
  imei: string;
  label?: string;
  muted?: boolean;
  wrongAt?: number;
}

/** components/progress. With `pollHref` it follows a JSON address, see docs/style-page.md. */
export interface Progress {
  label: string;
  done: number;
  total: number;
  pollHref?: string;
  cancel?: Action;
}

/** components/chart: one picture per theme, optionally narrower ones for phones. */
export interface Chart {
  title: string;
  say?: string;
  alt: string;
  wide: { light: string; dark: string };
  phone?: { light: string; dark: string };
  legend?: { label: string; swatch: 1 | 2 | 3 | 4 | 5 | 6 | 'target' | 'oldest' }[];
  note?: string;
  tableHref: string;
  tableLabel?: string;
}

/** components/attachments */
export interface Attachments {
  files: { name: string; href?: string; say: string; thumbnailHref?: string; removeHref?: string }[];
  upload?: { action: string; accept?: string; hint?: string };
}

/** components/confirm: a page of its own, and the content of a dialog where there is script. */
export interface Confirm {
  /** A question: 红冲 RK261122-NJ01-0007？ */
  title: string;
  effects: string[];
  text?: string;
  action: string;
  /** The verb of the title. */
  verb: string;
  danger?: boolean;
  cancelHref: string;
  fields?: Record<string, string | number>;
  /** What of it: checkboxes. */
  choices?: { label: string; fields: Field[] };
  reason?: Field;
}

/** components/menu: actions behind a button. */
export interface Menu {
  label: string;
  icon?: IconName;
  iconOnly?: boolean;
  actions: Action[];
}

/** components/sheet-head of a printed A4 document. `code` is the address of a barcode picture. */
export interface SheetHead {
  company: string;
  title: string;
  number: string;
  code?: string;
  facts: { label: string; value: string }[];
}

/** views/errors/*: filled by the error handler. */
export interface Fault {
  /** For the administrator; also in the log. */
  reference?: string;
  permission?: string;
  module?: string;
  who?: string;
  text?: string;
  items?: string[];
  actionHref?: string;
  backHref?: string;
  seconds?: number;
  limit?: string;
  /** Who can help; for those who are signed in. */
  contacts?: { name: string; say: string; href?: string }[];
  since?: string;
  signedIn?: boolean;
  /** The same in the other language. */
  other?: { lang: string; title: string; text: string };
}
