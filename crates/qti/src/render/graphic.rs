//! Images with areas: the image with numbered areas, and beside it the same areas as named controls.

use super::content::pixels;
use super::text::{Word, with};
use super::{Writer, number};
use crate::item::{Kind, Shape};
use crate::xml::Element;

impl Writer<'_> {
    pub(super) fn hotspot(&mut self, element: &Element) {
        let single = self.is_single(element);
        let most = number(element, "max-choices").unwrap_or(1);
        let hint = match (single, most) {
            (true, _) => self.word(Word::ChooseOne).to_owned(),
            (false, 0) => self.word(Word::ChooseMany).to_owned(),
            (false, most) => with(self.lang, Word::ChooseMost, &most),
        };
        self.open_group("qti-hotspot", element, &hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let given = self.given(&response);
        let areas = self.map(element, "qti-hotspot-choice");
        for (identifier, name) in areas {
            let id = self.id();
            self.raw("<div class=\"qti-option\"><input");
            self.attribute("type", if single { "radio" } else { "checkbox" });
            self.attribute("id", &id);
            self.attribute("name", &response);
            self.attribute("value", &identifier);
            if given.contains(&identifier) {
                self.raw(" checked");
            }
            self.raw("><label");
            self.attribute("for", &id);
            self.raw(">");
            self.escaped(&name, false);
            self.raw("</label></div>\n");
        }
        self.close_group();
    }

    pub(super) fn graphic_order(&mut self, element: &Element) {
        let hint = self.word(Word::OrderHint);
        self.open_group("qti-graphic-order", element, hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let areas = self.map(element, "qti-hotspot-choice");
        let places =
            number(element, "max-choices").filter(|n| *n > 0).unwrap_or(areas.len()).min(areas.len());
        self.places(&response, &areas, places);
        self.close_group();
    }

    pub(super) fn graphic_associate(&mut self, element: &Element) {
        let hint = self.pair_hint(element);
        self.open_group("qti-graphic-associate", element, &hint);
        let areas = self.map(element, "qti-associable-hotspot");
        self.pairs(element, &areas);
        self.close_group();
    }

    pub(super) fn points(&mut self, kind: Kind, element: &Element) {
        let hint = self.word(Word::PointHint);
        self.open_group("qti-points", element, hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let given = self.given(&response);
        let (width, height) = self.map_size(element);
        let stage = if kind == Kind::PositionObject { self.stage(element) } else { None };
        match stage {
            Some(stage) => {
                for object in element.elements().filter(|e| matches!(e.name.as_str(), "object" | "img")) {
                    let label = self.word(Word::Place);
                    self.raw("<p>");
                    self.escaped(label, false);
                    self.raw(" ");
                    self.figure(object);
                    self.raw("</p>\n");
                }
                let (width, height) = size_of(&stage).unwrap_or((width, height));
                self.drawing(&stage, &[], width, height, true);
            }
            None => {
                self.map(element, "qti-none");
            }
        }
        let single = self.is_single(element);
        let most = number(element, "max-choices").unwrap_or(usize::from(kind == Kind::PositionObject));
        let count = if single { 1 } else { most.max(given.len()).clamp(1, 20) };
        self.raw("<ol class=\"qti-coordinates\">\n");
        for at in 0..count {
            let chosen = given.get(at).and_then(|g| g.split_once(' '));
            let name = with(self.lang, Word::Point, &(at + 1));
            self.raw("<li>");
            self.escaped(&name, false);
            for (side, which, limit) in [("a", Word::X, width), ("b", Word::Y, height)] {
                let id = self.id();
                self.raw(" <label");
                self.attribute("for", &id);
                self.raw(">");
                let said = self.word(which);
                self.raw("<span class=\"qti-unseen\">");
                self.escaped(&name, false);
                self.raw(" </span>");
                self.escaped(said, false);
                self.raw("</label> <input type=\"number\" min=\"0\"");
                self.attribute("max", &limit.to_string());
                self.attribute("id", &id);
                self.attribute("name", &format!("{response}:{}:{side}", at + 1));
                if let Some((x, y)) = chosen {
                    self.attribute("value", if side == "a" { x } else { y });
                }
                self.raw(">");
            }
            self.raw("</li>\n");
        }
        self.raw("</ol>\n");
        self.close_group();
    }

    /// The stage of a position-object interaction, found around it.
    fn stage(&self, element: &Element) -> Option<Element> {
        let wanted = element.get("response-identifier");
        let mut stage = None;
        self.copy.body.walk(&mut |e| {
            let holds = e.name == "qti-position-object-stage"
                && e.elements().any(|c| {
                    c.name == "qti-position-object-interaction" && c.get("response-identifier") == wanted
                });
            if holds {
                stage =
                    e.elements().find(|c| matches!(c.name.as_str(), "object" | "img" | "picture")).cloned();
            }
        });
        stage
    }

    fn map_size(&self, element: &Element) -> (u32, u32) {
        let image = element.elements().find(|e| matches!(e.name.as_str(), "object" | "img"));
        image.and_then(size_of).unwrap_or_else(|| reach(element))
    }

    /// Draws the image with its areas and returns the areas with their names.
    pub(super) fn map(&mut self, element: &Element, area: &str) -> Vec<(String, String)> {
        let mut areas = Vec::new();
        let mut shapes = Vec::new();
        for spot in element.all(area) {
            let number = areas.len() + 1;
            let named = spot.get("hotspot-label").or(spot.get("label")).or(spot.get("object-label"));
            let fallback = with(self.lang, Word::Area, &number);
            let name = match named.map(str::trim).filter(|n| !n.is_empty()) {
                Some(named) => format!("{fallback}: {named}"),
                None => fallback,
            };
            let shape = Shape::read(
                spot.get("shape").unwrap_or("default").trim(),
                spot.get("coords").unwrap_or_default(),
            );
            let identifier = spot.get("identifier").unwrap_or_default().to_owned();
            if let Some(shape) = shape {
                shapes.push((number, identifier.clone(), shape));
            }
            areas.push((identifier, name));
        }
        let image = element.elements().find(|e| matches!(e.name.as_str(), "object" | "img" | "picture"));
        let image = match image {
            Some(picture) if picture.name == "picture" => picture.find("img").cloned(),
            Some(image) => Some(image.clone()),
            None => None,
        };
        if let Some(image) = image {
            let (width, height) = size_of(&image).unwrap_or_else(|| reach(element));
            self.drawing(&image, &shapes, width, height, area == "qti-none");
        }
        areas
    }

    /// The image with numbered outlines; for a reader it is one image, for the controls carry the names.
    fn drawing(
        &mut self,
        image: &Element,
        shapes: &[(usize, String, Shape)],
        width: u32,
        height: u32,
        place: bool,
    ) {
        let source = image.get("src").or(image.get("data")).unwrap_or_default();
        let address = self.address(source);
        let name = self.image_name(image);
        let name = if name.is_empty() { self.word(Word::Image).to_owned() } else { name };
        self.raw("<svg class=\"qti-map\" role=\"img\"");
        if place {
            self.raw(" data-place=\"true\"");
        }
        self.attribute("aria-label", &name);
        self.attribute("viewBox", &format!("0 0 {width} {height}"));
        self.attribute("width", &width.to_string());
        self.attribute("height", &height.to_string());
        self.raw("><image x=\"0\" y=\"0\"");
        self.attribute("width", &width.to_string());
        self.attribute("height", &height.to_string());
        self.attribute("href", &address);
        self.raw("/>");
        for (number, identifier, shape) in shapes {
            self.raw("<g class=\"qti-spot\"");
            self.attribute("data-choice", identifier);
            self.raw(">");
            match shape {
                Shape::Circle(x, y, r) => {
                    self.raw(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"));
                }
                Shape::Ellipse(x, y, h, v) => {
                    self.raw(&format!("<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{h}\" ry=\"{v}\"/>"));
                }
                Shape::Rect(l, t, r, b) => {
                    self.raw(&format!(
                        "<rect x=\"{l}\" y=\"{t}\" width=\"{}\" height=\"{}\"/>",
                        r - l,
                        b - t
                    ));
                }
                Shape::Poly(points) => {
                    let list: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
                    self.raw(&format!("<polygon points=\"{}\"/>", list.join(" ")));
                }
                Shape::Default => {}
            }
            let (x, y) = shape.middle();
            self.raw(&format!("<circle class=\"qti-number-back\" cx=\"{x}\" cy=\"{y}\" r=\"11\"/>"));
            self.raw(&format!("<text x=\"{x}\" y=\"{y}\">{number}</text></g>"));
        }
        self.raw("</svg>\n");
    }
}

fn size_of(image: &Element) -> Option<(u32, u32)> {
    Some((image.get("width").and_then(pixels)?, image.get("height").and_then(pixels)?))
}

/// An image without a size is as large as its areas need.
fn reach(element: &Element) -> (u32, u32) {
    let (mut width, mut height) = (0.0f64, 0.0f64);
    for spot in element.elements() {
        let Some(coords) = spot.get("coords") else { continue };
        match Shape::read(spot.get("shape").unwrap_or("default").trim(), coords) {
            Some(Shape::Circle(x, y, r)) => (width, height) = (width.max(x + r), height.max(y + r)),
            Some(Shape::Ellipse(x, y, h, v)) => (width, height) = (width.max(x + h), height.max(y + v)),
            Some(Shape::Rect(_, _, r, b)) => (width, height) = (width.max(r), height.max(b)),
            Some(Shape::Poly(points)) => {
                for (x, y) in points {
                    (width, height) = (width.max(x), height.max(y));
                }
            }
            _ => {}
        }
    }
    if width < 1.0 || height < 1.0 {
        (400, 300)
    } else {
        (width.min(20_000.0) as u32 + 10, height.min(20_000.0) as u32 + 10)
    }
}
