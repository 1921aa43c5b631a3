-- Texts compared without regard to letter case or accents: CASEI and ACCENTI of filters (OGC 21-065r2). Both sides of a
-- comparison go through the same function, so that they agree whatever the database's locale does with a letter.

-- Full case folding of Unicode: the letters that lower() alone does not fold, and what they fold to. Entries C and F of
-- CaseFolding-15.0.0.txt; İ is there because lower() makes it i.
CREATE OR REPLACE FUNCTION fold_rare(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(coalesce(f.folded, lower(c.letter)), '' ORDER BY c.n), '')
    FROM regexp_split_to_table(t, '') WITH ORDINALITY c (letter, n)
    LEFT JOIN (
    VALUES (U&'\00B5', U&'\03BC'), (U&'\00DF', U&'\0073\0073'), (U&'\0130', U&'\0069\0307'),
      (U&'\0149', U&'\02BC\006E'), (U&'\017F', U&'\0073'), (U&'\01F0', U&'\006A\030C'), (U&'\0345', U&'\03B9'),
      (U&'\0390', U&'\03B9\0308\0301'), (U&'\03B0', U&'\03C5\0308\0301'), (U&'\03C2', U&'\03C3'),
      (U&'\03D0', U&'\03B2'), (U&'\03D1', U&'\03B8'), (U&'\03D5', U&'\03C6'), (U&'\03D6', U&'\03C0'),
      (U&'\03F0', U&'\03BA'), (U&'\03F1', U&'\03C1'), (U&'\03F5', U&'\03B5'), (U&'\0587', U&'\0565\0582'),
      (U&'\13F8', U&'\13F0'), (U&'\13F9', U&'\13F1'), (U&'\13FA', U&'\13F2'), (U&'\13FB', U&'\13F3'),
      (U&'\13FC', U&'\13F4'), (U&'\13FD', U&'\13F5'), (U&'\1C80', U&'\0432'), (U&'\1C81', U&'\0434'),
      (U&'\1C82', U&'\043E'), (U&'\1C83', U&'\0441'), (U&'\1C84', U&'\0442'), (U&'\1C85', U&'\0442'),
      (U&'\1C86', U&'\044A'), (U&'\1C87', U&'\0463'), (U&'\1C88', U&'\A64B'), (U&'\1E96', U&'\0068\0331'),
      (U&'\1E97', U&'\0074\0308'), (U&'\1E98', U&'\0077\030A'), (U&'\1E99', U&'\0079\030A'),
      (U&'\1E9A', U&'\0061\02BE'), (U&'\1E9B', U&'\1E61'), (U&'\1F50', U&'\03C5\0313'),
      (U&'\1F52', U&'\03C5\0313\0300'), (U&'\1F54', U&'\03C5\0313\0301'), (U&'\1F56', U&'\03C5\0313\0342'),
      (U&'\1F80', U&'\1F00\03B9'), (U&'\1F81', U&'\1F01\03B9'), (U&'\1F82', U&'\1F02\03B9'),
      (U&'\1F83', U&'\1F03\03B9'), (U&'\1F84', U&'\1F04\03B9'), (U&'\1F85', U&'\1F05\03B9'),
      (U&'\1F86', U&'\1F06\03B9'), (U&'\1F87', U&'\1F07\03B9'), (U&'\1F90', U&'\1F20\03B9'),
      (U&'\1F91', U&'\1F21\03B9'), (U&'\1F92', U&'\1F22\03B9'), (U&'\1F93', U&'\1F23\03B9'),
      (U&'\1F94', U&'\1F24\03B9'), (U&'\1F95', U&'\1F25\03B9'), (U&'\1F96', U&'\1F26\03B9'),
      (U&'\1F97', U&'\1F27\03B9'), (U&'\1FA0', U&'\1F60\03B9'), (U&'\1FA1', U&'\1F61\03B9'),
      (U&'\1FA2', U&'\1F62\03B9'), (U&'\1FA3', U&'\1F63\03B9'), (U&'\1FA4', U&'\1F64\03B9'),
      (U&'\1FA5', U&'\1F65\03B9'), (U&'\1FA6', U&'\1F66\03B9'), (U&'\1FA7', U&'\1F67\03B9'),
      (U&'\1FB2', U&'\1F70\03B9'), (U&'\1FB3', U&'\03B1\03B9'), (U&'\1FB4', U&'\03AC\03B9'),
      (U&'\1FB6', U&'\03B1\0342'), (U&'\1FB7', U&'\03B1\0342\03B9'), (U&'\1FBE', U&'\03B9'),
      (U&'\1FC2', U&'\1F74\03B9'), (U&'\1FC3', U&'\03B7\03B9'), (U&'\1FC4', U&'\03AE\03B9'),
      (U&'\1FC6', U&'\03B7\0342'), (U&'\1FC7', U&'\03B7\0342\03B9'), (U&'\1FD2', U&'\03B9\0308\0300'),
      (U&'\1FD3', U&'\03B9\0308\0301'), (U&'\1FD6', U&'\03B9\0342'), (U&'\1FD7', U&'\03B9\0308\0342'),
      (U&'\1FE2', U&'\03C5\0308\0300'), (U&'\1FE3', U&'\03C5\0308\0301'), (U&'\1FE4', U&'\03C1\0313'),
      (U&'\1FE6', U&'\03C5\0342'), (U&'\1FE7', U&'\03C5\0308\0342'), (U&'\1FF2', U&'\1F7C\03B9'),
      (U&'\1FF3', U&'\03C9\03B9'), (U&'\1FF4', U&'\03CE\03B9'), (U&'\1FF6', U&'\03C9\0342'),
      (U&'\1FF7', U&'\03C9\0342\03B9'), (U&'\AB70', U&'\13A0'), (U&'\AB71', U&'\13A1'), (U&'\AB72', U&'\13A2'),
      (U&'\AB73', U&'\13A3'), (U&'\AB74', U&'\13A4'), (U&'\AB75', U&'\13A5'), (U&'\AB76', U&'\13A6'),
      (U&'\AB77', U&'\13A7'), (U&'\AB78', U&'\13A8'), (U&'\AB79', U&'\13A9'), (U&'\AB7A', U&'\13AA'),
      (U&'\AB7B', U&'\13AB'), (U&'\AB7C', U&'\13AC'), (U&'\AB7D', U&'\13AD'), (U&'\AB7E', U&'\13AE'),
      (U&'\AB7F', U&'\13AF'), (U&'\AB80', U&'\13B0'), (U&'\AB81', U&'\13B1'), (U&'\AB82', U&'\13B2'),
      (U&'\AB83', U&'\13B3'), (U&'\AB84', U&'\13B4'), (U&'\AB85', U&'\13B5'), (U&'\AB86', U&'\13B6'),
      (U&'\AB87', U&'\13B7'), (U&'\AB88', U&'\13B8'), (U&'\AB89', U&'\13B9'), (U&'\AB8A', U&'\13BA'),
      (U&'\AB8B', U&'\13BB'), (U&'\AB8C', U&'\13BC'), (U&'\AB8D', U&'\13BD'), (U&'\AB8E', U&'\13BE'),
      (U&'\AB8F', U&'\13BF'), (U&'\AB90', U&'\13C0'), (U&'\AB91', U&'\13C1'), (U&'\AB92', U&'\13C2'),
      (U&'\AB93', U&'\13C3'), (U&'\AB94', U&'\13C4'), (U&'\AB95', U&'\13C5'), (U&'\AB96', U&'\13C6'),
      (U&'\AB97', U&'\13C7'), (U&'\AB98', U&'\13C8'), (U&'\AB99', U&'\13C9'), (U&'\AB9A', U&'\13CA'),
      (U&'\AB9B', U&'\13CB'), (U&'\AB9C', U&'\13CC'), (U&'\AB9D', U&'\13CD'), (U&'\AB9E', U&'\13CE'),
      (U&'\AB9F', U&'\13CF'), (U&'\ABA0', U&'\13D0'), (U&'\ABA1', U&'\13D1'), (U&'\ABA2', U&'\13D2'),
      (U&'\ABA3', U&'\13D3'), (U&'\ABA4', U&'\13D4'), (U&'\ABA5', U&'\13D5'), (U&'\ABA6', U&'\13D6'),
      (U&'\ABA7', U&'\13D7'), (U&'\ABA8', U&'\13D8'), (U&'\ABA9', U&'\13D9'), (U&'\ABAA', U&'\13DA'),
      (U&'\ABAB', U&'\13DB'), (U&'\ABAC', U&'\13DC'), (U&'\ABAD', U&'\13DD'), (U&'\ABAE', U&'\13DE'),
      (U&'\ABAF', U&'\13DF'), (U&'\ABB0', U&'\13E0'), (U&'\ABB1', U&'\13E1'), (U&'\ABB2', U&'\13E2'),
      (U&'\ABB3', U&'\13E3'), (U&'\ABB4', U&'\13E4'), (U&'\ABB5', U&'\13E5'), (U&'\ABB6', U&'\13E6'),
      (U&'\ABB7', U&'\13E7'), (U&'\ABB8', U&'\13E8'), (U&'\ABB9', U&'\13E9'), (U&'\ABBA', U&'\13EA'),
      (U&'\ABBB', U&'\13EB'), (U&'\ABBC', U&'\13EC'), (U&'\ABBD', U&'\13ED'), (U&'\ABBE', U&'\13EE'),
      (U&'\ABBF', U&'\13EF'), (U&'\FB00', U&'\0066\0066'), (U&'\FB01', U&'\0066\0069'), (U&'\FB02', U&'\0066\006C'),
      (U&'\FB03', U&'\0066\0066\0069'), (U&'\FB04', U&'\0066\0066\006C'), (U&'\FB05', U&'\0073\0074'),
      (U&'\FB06', U&'\0073\0074'), (U&'\FB13', U&'\0574\0576'), (U&'\FB14', U&'\0574\0565'),
      (U&'\FB15', U&'\0574\056B'), (U&'\FB16', U&'\057E\0576'), (U&'\FB17', U&'\0574\056D')) f (letter, folded)
      ON f.letter = CASE c.letter WHEN U&'\0130' THEN c.letter ELSE lower(c.letter) END
$$;
COMMENT ON FUNCTION fold_rare IS 'Full case folding, letter by letter.';

CREATE OR REPLACE FUNCTION fold_case(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN t ~ '[^\u0001-\u007F\u3000-\u30FF\u3400-\u9FFF\uFF00-\uFFEF]' THEN fold_rare(t) ELSE lower(t) END
$$;
COMMENT ON FUNCTION fold_case IS 'Full case folding; letters of ASCII and Chinese the quick way.';

-- Letters with a stroke have no decomposition. The marks of Japanese voicing (U+3099, U+309A) make another letter: they
-- stay.
CREATE OR REPLACE FUNCTION fold_accents(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN t ~ '[^\u0001-\u007F\u3000-\u30FF\u3400-\u9FFF]'
    THEN translate(normalize(regexp_replace(normalize(t, NFD),
      '[\u0300-\u036F\u0483-\u0487\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20F0\uFE20-\uFE2F]', '', 'g'), NFC),
      'ØøŁłĐđĦħŦŧ', 'OoLlDdHhTt')
    ELSE t END
$$;
COMMENT ON FUNCTION fold_accents IS 'The text without accents and other diacritics.';
