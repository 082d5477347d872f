//! The catalogues of models. All public.

use std::sync::LazyLock;

use serde_json::Value;

use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::state::State;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "video_models",
        method: "GET",
        path: "/api/ai/models/video/generation",
        access: Access::Public,
        handler: |state, call| list(state, call, Catalogue::Video),
    },
    Route {
        name: "image_models",
        method: "GET",
        path: "/api/ai/models/image/generation",
        access: Access::Public,
        handler: |state, call| list(state, call, Catalogue::ImageGeneration),
    },
    Route {
        name: "image_edit_models",
        method: "GET",
        path: "/api/ai/models/image/edit",
        access: Access::Public,
        handler: |state, call| list(state, call, Catalogue::ImageEdit),
    },
    Route {
        name: "chat_models",
        method: "GET",
        path: "/api/ai/models/chat",
        access: Access::Public,
        handler: |state, call| list(state, call, Catalogue::Chat),
    },
];

static MODELS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/models.json")).unwrap_or_default()
});

/// One of the four catalogues.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Catalogue {
    Video,
    ImageGeneration,
    ImageEdit,
    Chat,
}

impl Catalogue {
    fn entries(self) -> &'static Value {
        match self {
            Self::Video => &MODELS["video"],
            Self::ImageGeneration => &MODELS["image_generation"],
            Self::ImageEdit => &MODELS["image_edit"],
            Self::Chat => &MODELS["chat"],
        }
    }

    /// The entry of a model, if this catalogue has it.
    pub(crate) fn model(self, name: &str) -> Option<&'static Value> {
        self.entries()
            .as_array()?
            .iter()
            .find(|model| model["name"] == name)
    }

    /// The model that a body names, or the code that says there is none.
    pub(crate) fn model_of(self, body: &Value) -> Result<&'static Value, Refusal> {
        self.model(body["model"].as_str().unwrap_or_default())
            .ok_or_else(|| Refusal::new(12300))
    }
}

/// What a model's cheapest offer costs, in credits.
pub(crate) fn price(model: &Value) -> Value {
    model["pricing"][0]["price"].clone()
}

#[allow(clippy::unnecessary_wraps)] // every handler has this shape
fn list(_: &mut State, _: &Call, catalogue: Catalogue) -> Result<Reply, Refusal> {
    Ok(Reply::Data(catalogue.entries().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_has_models() {
        for catalogue in [
            Catalogue::Video,
            Catalogue::ImageGeneration,
            Catalogue::ImageEdit,
            Catalogue::Chat,
        ] {
            assert!(
                catalogue
                    .entries()
                    .as_array()
                    .is_some_and(|list| !list.is_empty()),
                "{catalogue:?}"
            );
        }
    }
}
