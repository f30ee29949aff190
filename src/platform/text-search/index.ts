export { nameParts, nameQuery } from './name-parts';
export { SEARCH_KEY_LENGTH, searchKey, searchTerms } from './pinyin';
