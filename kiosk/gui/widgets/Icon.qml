import QtQuick

Image {
    property string name: ""
    property color color: Theme.ink
    property int size: 28

    width: size
    height: size
    sourceSize: Qt.size(size * 2, size * 2)
    source: name === "" ? "" : "image://icon/" + name + "/" + String(color).slice(1)
    fillMode: Image.PreserveAspectFit
    smooth: true
}
