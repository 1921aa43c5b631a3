-- A project is new to the park, or the expansion (增资扩产) of a firm that is here: on the firm's own ground, on ground
-- beside it, or without further ground.

ALTER TABLE project_version
  ADD kind   text NOT NULL DEFAULT 'new' CHECK (kind IN ('new', 'expansion')),
  ADD ground text CHECK (ground IN ('own', 'neighbouring', 'none')),
  ADD CONSTRAINT ground_of_an_expansion CHECK (ground IS NULL OR kind = 'expansion');
COMMENT ON COLUMN project_version.kind IS 'New to the park, or the expansion of a firm that is here.';
COMMENT ON COLUMN project_version.ground IS 'Where an expansion goes; null: not known.';
